// Gives a name to the fields of the story form that Wagtail's own scripts make without one, for those who hear it.
const NAMELESS = ".public-DraftEditor-content:not([aria-label]), .tagit-new input:not([aria-label])";

function nameOf(element) {
  for (let box = element.parentElement; box; box = box.parentElement) {
    const label = box.querySelector(":scope > label, :scope > .w-field__label, :scope > h2 [data-panel-heading-text]");
    const text = label && label.textContent.replace(/\*/g, "").trim();
    if (text) return text;
    const heading = box.matches("[data-panel], [data-streamfield-child]") && box.querySelector("[data-panel-heading-text], .c-sf-block__type");
    if (heading && heading.textContent.trim()) return heading.textContent.trim();
  }
  return "";
}

function nameAll() {
  for (const element of document.querySelectorAll(NAMELESS)) {
    const name = nameOf(element);
    if (name) element.setAttribute("aria-label", name);
  }
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    nameAll();
  });
}).observe(document.body, { childList: true, subtree: true });
nameAll();
