// Printing, saving and copying recovery codes; without script they stand on the page to be written down.
const list = document.getElementById("recovery-codes");
const actions = document.querySelector("[data-codes-actions]");

if (list && actions) {
  const codes = [...list.querySelectorAll("code")].map((code) => code.textContent);
  const text = `${list.dataset.name} · ${list.dataset.email}\n\n${codes.join("\n")}\n`;

  actions.hidden = false;
  actions.querySelector("[data-codes-print]").addEventListener("click", () => window.print());

  const save = actions.querySelector("[data-codes-save]");
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = save.dataset.codesSave;
    link.click();
    URL.revokeObjectURL(link.href);
  });

  const copy = actions.querySelector("[data-codes-copy]");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = copy.dataset.done;
  });
}
