// "2 things changed since you read this on 4 November": told to whoever comes back, worked out here alone. Which
// version of which story was read lies in this browser, is sent to nobody, and is forgotten with the oldest stories.
const KEY = "sf-read";
const MOST = 300;

function remembered() {
  const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
  return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
}

function sentence(line, count, when) {
  const { language, forms } = JSON.parse(line.dataset.words);
  const rules = new Intl.PluralRules(language);
  const form = rules.select(count);
  const words = Object.entries(forms).find(([number]) => rules.select(Number(number)) === form) || ["", forms["5"]];
  // The paper writes its days in this order.
  const order = language === "en" ? "en-GB" : language;
  const day = new Intl.DateTimeFormat(order, { day: "numeric", month: "long", year: "numeric" }).format(when);
  return words[1].replace("{n}", String(count)).replace("{date}", day);
}

function look(line) {
  // Whoever asks sites to keep to themselves is not remembered, not even here.
  if (navigator.globalPrivacyControl) return;
  const version = Number(line.dataset.version);
  const name = `s${line.dataset.story}`;
  const read = remembered();
  const seen = Array.isArray(read[name]) ? read[name].map(Number) : [0, 0];
  const changes = line.dataset.changes.split(" ").map(Number).filter((one) => one > seen[0]);
  if (seen[0] > 0 && seen[0] < version && changes.length) {
    const link = line.querySelector("a");
    link.href = `${link.getAttribute("href")}#v${changes[0]}`;
    link.textContent = sentence(line, changes.length, new Date(seen[1] * 1000));
    line.hidden = false;
  }
  // Written last, so that the newest stand at the end.
  delete read[name];
  read[name] = [Math.max(version, seen[0]), Math.floor(Date.now() / 1000)];
  const kept = Object.entries(read).slice(-MOST);
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
}

for (const line of document.querySelectorAll("[data-since]")) {
  try {
    look(line);
  } catch (error) {
    // A browser that keeps nothing, or something of another's under our name: then nothing is told.
  }
}
