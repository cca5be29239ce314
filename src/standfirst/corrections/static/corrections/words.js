// The words a reader has marked, told as the server tells them (kit/texts.py): passages by name, normal text, code
// points. Elements with a paragraph's id or data-passage are the passages, in the order of the page.
export const MOST = 500;
const AROUND = 32;
// What cannot be seen · white space · a letter with its accents.
const PIECES = /([\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+)|(\s+)|\P{M}\p{M}*|\p{M}+/gu;
const UNSEEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const EXTENDS = /^[\p{M}\u200c\u200d\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]$/u;
const FLAG = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const NAMED = '[id^="p-"],[data-passage]';

const nameOf = (element) => element.dataset.passage || element.id;

// Every passage before `line`, what stands at the end of the story.
export function passagesBefore(line) {
  const found = [...line.closest("article").querySelectorAll(NAMED)];
  return found.filter((element) => line.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING);
}

// The normal text of one passage: a code point each, and where in the page it comes from.
function read(element) {
  const out = [];
  const add = (char, node, start, end) => {
    if (char !== " " || (out.length && out[out.length - 1].char !== " ")) out.push({ char, node, start, end });
  };
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeName === "BR") add(" ", null, 0, 0);
    if (node.nodeType !== Node.TEXT_NODE || node.parentElement.closest(NAMED) !== element) continue;
    for (const piece of node.data.matchAll(PIECES)) {
      const end = piece.index + piece[0].length;
      if (piece[2]) add(" ", node, piece.index, end);
      else if (!piece[1]) for (const char of piece[0].normalize("NFC")) add(char, node, piece.index, end);
    }
  }
  while (out.length && out[out.length - 1].char === " ") out.pop();
  return out;
}

// Whether a letter, as people see it, ends before this place (kit/letters.py).
function isBorder(text, at) {
  if (at <= 0 || at >= text.length) return true;
  const before = text[at - 1];
  const after = text[at];
  if (EXTENDS.test(after)) return /\s/.test(before);
  if (before === "\u200d") return /\s/.test(after);
  if (!FLAG.test(after)) return true;
  let flags = 0;
  while (flags < at && FLAG.test(text[at - 1 - flags])) flags += 1;
  return flags % 2 === 0;
}

// From where to where the range covers what was read; null where it covers nothing.
function covered(range, units) {
  let first = -1;
  let last = -1;
  units.forEach(({ node, start, end }, index) => {
    if (!node || !range.intersectsNode(node)) return;
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.length;
    if (end <= from || start >= to) return;
    if (first < 0) first = index;
    last = index;
  });
  if (first < 0) return null;
  const text = units.map((unit) => unit.char);
  while (!isBorder(text, first)) first -= 1;
  last += 1;
  while (!isBorder(text, last)) last += 1;
  while (first < last && text[first] === " ") first += 1;
  while (first < last && text[last - 1] === " ") last -= 1;
  return first < last ? [first, last] : null;
}

// Where to cut: after the last whole word, or in a word without end after the last whole letter.
function cutAt(text, most) {
  if (text.length <= most) return text.length;
  let at = most;
  while (at > most - 80 && /\S/.test(text[at]) && /\S/.test(text[at - 1])) at -= 1;
  if (at === most - 80) for (at = most; !isBorder(text, at); ) at -= 1;
  while (/\s/.test(text[at - 1])) at -= 1;
  return at;
}

// {exact, prefix, suffix, block, start, end, isCut, ranges} of what is marked in the story; null where nothing is.
export function marked(selection, line) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const article = line.closest("article");
  if (!range.intersectsNode(article)) return null;
  const all = passagesBefore(line);
  const parts = [];
  all.forEach((element, index) => {
    if (!range.intersectsNode(element)) return;
    const units = read(element);
    const span = covered(range, units);
    if (span) parts.push({ index, units, span });
  });
  if (!parts.length) return beside(range, article, line);

  const chars = [];
  const from = [];
  parts.forEach(({ units, span }, number) => {
    if (number) {
      chars.push("\n");
      from.push(null);
    }
    for (const unit of units.slice(...span)) {
      chars.push(unit.char);
      from.push({ ...unit, number });
    }
  });
  const length = cutAt(chars, MOST);
  const first = parts[0];
  const ending = from[length - 1];
  const last = parts[ending.number];
  const lastEnd = last.span[0] + from.slice(0, length).filter((unit) => unit && unit.number === ending.number).length;

  const before = first.units.slice(0, first.span[0]).map((unit) => unit.char);
  for (let index = first.index - 1; index >= 0 && before.length < 2 * AROUND; index -= 1) {
    const text = read(all[index]).map((unit) => unit.char);
    if (text.length) before.unshift(...text, "\n");
  }
  const after = last.units.slice(lastEnd).map((unit) => unit.char);
  for (let index = last.index + 1; index < all.length && after.length < 2 * AROUND; index += 1) {
    const text = read(all[index]).map((unit) => unit.char);
    if (text.length) after.push("\n", ...text);
  }
  let begin = Math.max(0, before.length - AROUND);
  while (!isBorder(before, begin)) begin += 1;
  let end = Math.min(AROUND, after.length);
  while (!isBorder(after, end)) end -= 1;

  const start = first.span[0];
  return {
    exact: chars.slice(0, length).join(""),
    prefix: before.slice(begin).join(""),
    suffix: after.slice(0, end).join(""),
    block: nameOf(all[first.index]),
    start,
    end: start + length,
    isCut: length < chars.length,
    ranges: ranges(from.slice(0, length)),
  };
}

// Words of the page that are nobody's passage: a date, the name of a part. They go along as they are.
function beside(range, article, line) {
  const inside = article.contains(range.commonAncestorContainer);
  const isBefore = line.compareDocumentPosition(range.startContainer) & Node.DOCUMENT_POSITION_PRECEDING;
  const text = [...range.toString().normalize("NFC").replace(UNSEEN, "").replace(/\s+/g, " ").trim()];
  if (!inside || !isBefore || !text.length) return null;
  const length = cutAt(text, MOST);
  const exact = text.slice(0, length).join("");
  const isCut = length < text.length;
  return { exact, prefix: "", suffix: "", block: "", start: null, end: null, isCut, ranges: [range.cloneRange()] };
}

// One range for each passage that has words in it.
function ranges(from) {
  const found = [];
  for (const unit of from) {
    if (!unit || !unit.node) continue;
    const range = found[unit.number] || (found[unit.number] = document.createRange());
    if (range.collapsed) range.setStart(unit.node, unit.start);
    range.setEnd(unit.node, unit.end);
  }
  return found.filter(Boolean);
}
