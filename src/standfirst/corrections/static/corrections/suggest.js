// A reader marks words and says that they are wrong: Ctrl or Cmd + Enter, or a line at the bottom edge on touch screens.
// Without this file, and in browsers that cannot do it, the link at the end of the story leads to the same form.
// The rest comes when somebody first touches or marks the text: who only opens a page does not pay for it, and opening
// the form then asks nobody.
const line = document.querySelector("[data-suggest]");
const [barTemplate, dialogTemplate] = line ? line.querySelectorAll("template") : [];
const hasDialog = "showModal" in document.createElement("dialog");

let parts = null;
let loading = null;

function load() {
  if (!loading) {
    loading = Promise.all([import("./words.js"), import("./dialog.js")]).then(
      ([{ marked }, { openDialog }]) => (parts = { marked, openDialog }),
      () => (loading = null),
    );
  }
  return loading;
}

function suggest(quote) {
  const where = { path: line.dataset.suggest, template: dialogTemplate, version: versionOf(line) };
  if (hasDialog) parts.openDialog(quote, where);
  else location.assign(`${where.path}${quote.block ? `?p=${encodeURIComponent(quote.block)}` : ""}`);
}

function isMarked() {
  const selection = getSelection();
  return !selection.isCollapsed && selection.rangeCount && selection.getRangeAt(0).intersectsNode(line.closest("article"));
}

const versionOf = (element) => Number(element.closest("article").dataset.version) || 0;

const isTyping = (element) =>
  element instanceof Element && element.closest("input, textarea, select, dialog, [contenteditable]");

function suggestMarked() {
  const quote = parts.marked(getSelection(), line);
  if (quote) suggest(quote);
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const isOurs = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isOurs || event.repeat || event.isComposing || event.defaultPrevented || isTyping(event.target)) return;
    if (!isMarked()) return;
    const quote = parts && parts.marked(getSelection(), line);
    if (parts && !quote) return;
    event.preventDefault();
    if (quote) suggest(quote);
    else load().then(() => (parts ? suggestMarked() : location.assign(line.dataset.suggest)));
  });
}

// Fingers have no keys. The line comes up when words are marked and stays clear of the phone's own menu, which is
// beside the words; touching it leaves them marked.
function listenToFingers() {
  const coarse = matchMedia("(pointer: coarse)");
  let isTouched = false;
  let bar = null;
  let quote = null;
  let range = null;
  let waiting = 0;
  document.addEventListener("pointerdown", (event) => (isTouched = event.pointerType === "touch"), { passive: true });

  function show() {
    if (!bar) {
      bar = document.importNode(barTemplate.content, true).firstElementChild;
      // Safari 13 and Chrome 80 know no logical insets, and our stylesheets no others.
      const paddingBottom = "calc(.5rem + env(safe-area-inset-bottom, 0px))";
      Object.assign(bar.style, { position: "fixed", bottom: "0", left: "0", right: "0", paddingBottom });
      // What would end the selection.
      for (const name of ["mousedown", "pointerdown"]) bar.addEventListener(name, (event) => event.preventDefault());
      bar.addEventListener("click", () => {
        const words = quote;
        if (!words) return;
        if (getSelection().isCollapsed && range) getSelection().addRange(range);
        bar.hidden = true;
        suggest(words);
      });
      document.body.append(bar);
    }
    bar.hidden = false;
  }

  function look() {
    if (document.querySelector("dialog[open]")) return;
    if (!parts) {
      if (isMarked()) load().then(() => parts && look());
      return;
    }
    const found = parts.marked(getSelection(), line);
    if (found) {
      quote = found;
      range = getSelection().getRangeAt(0).cloneRange();
      show();
    } else if (bar) {
      bar.hidden = true;
    }
  }

  document.addEventListener("selectionchange", () => {
    if (!coarse.matches && !isTouched && !bar) return;
    clearTimeout(waiting);
    // Handles are dragged letter by letter; and a touch on the line may end the selection before it is a click.
    waiting = setTimeout(look, 200);
  });
}

if (line && barTemplate && dialogTemplate) {
  line.closest("article").addEventListener("pointerdown", load, { once: true, passive: true });
  document.addEventListener("selectionchange", () => isMarked() && load());
  listenToKeys();
  listenToFingers();
}
