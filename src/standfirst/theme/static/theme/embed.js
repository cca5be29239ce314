// A click loads what lies elsewhere; without this file the link next to it does.
for (const box of document.querySelectorAll("[data-embed]")) {
  const row = box.querySelector(".sf-embed__row");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sf-button sf-button--ink";
  button.textContent = box.dataset.embedButton;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = box.dataset.embed;
    frame.title = box.dataset.embedTitle;
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.width = "640";
    frame.height = "360";
    row.replaceWith(frame);
    frame.focus();
  });
  row.prepend(button, " ");
}
