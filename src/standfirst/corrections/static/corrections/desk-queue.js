// The queue by keyboard. Everything here can be done with a pointer, and without script, by the same forms.
const root = document.querySelector("[data-queue]");

const typing = (element) =>
  element.isContentEditable || element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog, [role=dialog], [role=menu]");

const near = (step) => {
  const links = [...root.querySelectorAll("[data-case-link]")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[at < 0 ? 0 : at + step]?.click();
};

const doings = {
  j: () => near(1),
  k: () => near(-1),
  x: () => root.querySelector(".sf-cases .is-open [name=ticked]")?.click(),
};

if (root && root.dataset.keys === "on") {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (typing(event.target)) return;
    // By its place on the keyboard where the letter is not a Latin one: a Ukrainian layout keeps the same keys.
    const key = /^[a-z0-9]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase();
    if (doings[key]) {
      event.preventDefault();
      doings[key]();
      return;
    }
    const button = root.querySelector(`[data-key="${key}"]`);
    const field = root.querySelector(`[data-focus="${key}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    } else if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });
}

if (root) {
  // A decision is sent once, however often the key is pressed.
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form")) delete form.dataset.sent;
  });

  for (const button of root.querySelectorAll("[data-edit]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = root.querySelector("#sf-answer");
      field.value = button.dataset.edit;
      field.focus();
    });
  }
  const field = root.querySelector("#sf-wording");
  for (const button of field ? root.querySelectorAll("[data-use]") : []) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = button.dataset.use;
      field.dispatchEvent(new Event("input"));
      field.focus();
    });
  }

  const accept = root.querySelector("[data-accept]");
  if (accept && accept.elements.wording) {
    const { wording, note } = accept.elements;
    const radios = [...accept.querySelectorAll("[name=label]")];
    let asked = 0;
    let proposed = note.value;
    wording.addEventListener("input", () => {
      // What was proposed spoke of other words.
      for (const radio of radios) radio.checked = false;
      clearTimeout(asked);
      asked = setTimeout(async () => {
        const { value } = wording;
        const block = accept.elements.block ? accept.elements.block.value : "";
        const answer = await fetch(`${accept.dataset.accept}?${new URLSearchParams({ wording: value, block })}`);
        if (!answer.ok || answer.redirected || wording.value !== value) return;
        const found = await answer.json();
        if (note.value === proposed) note.value = proposed = found.note;
        const radio = radios.find((one) => one.value === found.label);
        if (radio && !radios.some((one) => one.checked)) radio.checked = true;
      }, 400);
    });
  }

  const all = root.querySelector("[data-all]");
  if (all) {
    const ticks = [...root.querySelectorAll("[name=ticked]")];
    const tell = () => {
      const count = ticks.filter((tick) => tick.checked).length;
      root.querySelector("[data-ticked]").textContent = count || "";
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
    };
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      for (const tick of ticks) tick.checked = all.checked;
      tell();
    });
    for (const tick of ticks) tick.addEventListener("change", tell);
    tell();
  }
}
