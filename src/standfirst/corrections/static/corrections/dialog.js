// The form over the page. It opens without asking anybody; what was typed stays until the server says that it has it.
const YOUNGEST = 2300; // ms: a token younger than two seconds was filled in by no person
const OLDEST = 20 * 60 * 60 * 1000;
const PATIENCE = 30000;

let dialog = null;
let form = null;
let about = null;
let quote = null;
let token = null; // a promise of {value, at}
let before = null;
let isSending = false;
// What was typed about other words of this page, and not sent. It goes with the page: nothing is kept in the browser.
const drafts = new Map();
const TYPED = ["wording", "why"];

const $ = (mark) => dialog.querySelector(`[data-${mark}]`);

export function openDialog(words, where) {
  about = where;
  if (!dialog) make();
  if (quote && quote.exact !== words.exact) {
    drafts.set(quote.exact, typed());
    const draft = drafts.get(words.exact);
    TYPED.forEach((name, index) => (form.elements[name].value = draft ? draft[index] : ""));
  }
  quote = words;
  before = { element: document.activeElement, range: rangeNow() };
  $("words").textContent = quote.exact;
  $("cut").hidden = !quote.isCut;
  $("beside").hidden = Boolean(quote.block);
  $("done").hidden = true;
  form.hidden = false;
  say("");
  mark(quote.ranges);
  dialog.showModal();
  addEventListener("beforeunload", stay);
  // On touch screens a field in focus would raise the keyboard over the words.
  (matchMedia("(pointer: coarse)").matches ? form.querySelector("h2") : form.elements.wording).focus();
  askForToken();
}

const typed = () => TYPED.map((name) => form.elements[name].value);

// Whoever leaves or reloads in the middle of a sentence is asked by the browser first.
function stay(event) {
  if (form.hidden || !typed().some((text) => text.trim())) return;
  event.preventDefault();
  event.returnValue = "";
}

function make() {
  dialog = document.importNode(about.template.content, true).querySelector("dialog");
  form = dialog.querySelector("form");
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  $("copy").addEventListener("click", () => {
    const field = form.elements.wording;
    field.value = quote.exact;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  dialog.addEventListener("close", () => {
    removeEventListener("beforeunload", stay);
    mark([]);
    const { element, range } = before;
    if (element && element !== document.body && element.isConnected) element.focus({ preventScroll: true });
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  });
  document.body.append(dialog);
}

function rangeNow() {
  const selection = getSelection();
  return selection.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
}

// In pencil blue while the form is open, where a browser can do so without touching the text.
function mark(ranges) {
  if (!window.CSS || !CSS.highlights) return;
  if (ranges.length) CSS.highlights.set("sf-words", new Highlight(...ranges));
  else CSS.highlights.delete("sf-words");
}

function say(words, field) {
  const said = $("said");
  said.textContent = "";
  for (const element of form.elements) {
    element.removeAttribute("aria-invalid");
    element.removeAttribute("aria-describedby");
  }
  const wrong = field && form.elements.namedItem(field);
  if (wrong instanceof HTMLElement) {
    wrong.parentElement.append(said);
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-describedby", said.id);
    wrong.focus();
  } else {
    form.querySelector('[type="submit"]').parentElement.before(said);
  }
  said.textContent = words;
}

async function ask(options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(about.path, { credentials: "same-origin", signal: patience.signal, ...options });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { status: answer.status, data: isJson ? await answer.json() : {} };
  } finally {
    clearTimeout(timer);
  }
}

function askForToken() {
  token = Promise.resolve(token)
    .catch(() => null)
    .then((old) => {
      if (old && Date.now() - old.at < OLDEST) return old;
      return ask({ headers: { Accept: "application/json" } }).then(({ data }) => {
        if (!data.token) throw new Error("no token");
        return { value: data.token, at: Date.now() };
      });
    });
  // Asked for again when it is needed.
  token.catch(() => {});
  return token;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function send() {
  if (isSending) return;
  isSending = true;
  const button = form.querySelector('[type="submit"]');
  const words = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = form.dataset.sending;
  say("");
  try {
    const { value, at } = await askForToken();
    await pause(Math.max(0, at + YOUNGEST - Date.now()));
    const { prefix, suffix, start, end, block } = quote;
    const fields = Object.fromEntries(
      ["wording", "why", "email", "credit"].map((name) => [name, form.elements[name].value.trim()]),
    );
    // A date, a name of a part: no passage of the story, so said in words.
    const exact = block ? quote.exact : "";
    if (!block) fields.why = `“${quote.exact}” ${fields.why}`.trim();
    const { status, data } = await ask({
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({
        exact, prefix, suffix, start, end, block, version: about.version, ...fields, kind: "correction", token: value,
      }),
    });
    if (status === 201 && data.number && data.status) taken(data);
    else {
      // Refused: the next try is a new one. After a failure of the server it is the same one, which counts once.
      if (status < 500) token = null;
      say(data.error || form.dataset.failed, data.field);
    }
  } catch {
    say(navigator.onLine === false ? form.dataset.offline : form.dataset.failed);
  } finally {
    isSending = false;
    button.removeAttribute("aria-disabled");
    button.textContent = words;
  }
}

function taken({ number, status, waiting }) {
  token = null;
  say("");
  for (const name of TYPED) form.elements[name].value = "";
  drafts.delete(quote.exact);
  $("number").textContent = number;
  $("status").href = status;
  $("waiting").hidden = !waiting;
  form.hidden = true;
  $("done").hidden = false;
  $("done").querySelector("h2").focus();
}
