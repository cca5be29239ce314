"""WordPress's own reading of classic text: an empty line ends a paragraph, a line end is a break ("wpautop")."""

from __future__ import annotations

import re

_BLOCKS = (
    "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|"
    "address|math|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|"
    "figcaption|details|menu|summary|sf-thing)"
)
_KEPT = re.compile(r"<(pre|script|style|textarea|svg)\b", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("pre", "script", "style", "textarea", "svg")}
_TAG_WITH_BREAK = re.compile(r"<[^<>]*\n[^<>]*>")
_OPENING = re.compile(rf"(<{_BLOCKS}[\s/>])", re.IGNORECASE)
_CLOSING = re.compile(rf"(</{_BLOCKS}>)", re.IGNORECASE)
_ABOVE_CAPTION = re.compile(r"(?<!\s)\s+(?=<figcaption)|(?<=</figcaption>)\s+", re.IGNORECASE)
_EMPTY = re.compile(r"<p>\s*</p>", re.IGNORECASE)
_AROUND = re.compile(rf"<p>\s*(</?{_BLOCKS}(?:\s[^>]*)?/?>)\s*</p>", re.IGNORECASE)
_BEFORE = re.compile(rf"<p>\s*(</?{_BLOCKS}(?:\s[^>]*)?/?>)", re.IGNORECASE)
_AFTER = re.compile(rf"(</?{_BLOCKS}(?:\s[^>]*)?/?>)\s*</p>", re.IGNORECASE)
_BREAK_AFTER_BLOCK = re.compile(rf"(</?{_BLOCKS}(?:\s[^>]*)?/?>)\s*<br />", re.IGNORECASE)
_BREAK_BEFORE_BLOCK = re.compile(r"<br />(\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)\b[^>]*>)", re.IGNORECASE)
_BR = re.compile(r"<br\s*/?>\s*\n?", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n\s*\n+")


def autop(text: str) -> str:
    """Classic text with its paragraphs and breaks written out."""
    if not text.strip():
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, kept = _put_away(text)
    text = _TAG_WITH_BREAK.sub(lambda match: match[0].replace("\n", " "), text)
    text = re.sub(r"<br\s*/?>\s*<br\s*/?>", "\n\n", text, flags=re.IGNORECASE)
    text = _OPENING.sub(r"\n\n\1", text)
    text = _CLOSING.sub(r"\1\n\n", text)
    text = _ABOVE_CAPTION.sub("", text)
    text = "".join(f"<p>{part.strip()}</p>\n" for part in _PARAGRAPHS.split(text) if part.strip())
    text = _EMPTY.sub("", text)
    text = _AROUND.sub(r"\1", text)
    text = _BEFORE.sub(r"\1", text)
    text = _AFTER.sub(r"\1", text)
    text = _BR.sub("\n", text)
    text = re.sub(r"(?<!\s)\s*\n(?!\s*</p>)(?=[^\n])", "<br />\n", text.strip())
    text = _BREAK_AFTER_BLOCK.sub(r"\1", text)
    text = _BREAK_BEFORE_BLOCK.sub(r"\1", text)
    return re.sub(r"<sf-(?:thing|inline) (\d+)>", lambda match: kept[int(match[1])], text)


def _put_away(text: str) -> tuple[str, list[str]]:
    """The text with marks for what must not be touched, and what the marks stand for."""
    kept: list[str] = []
    out: list[str] = []
    unclosed: set[str] = set()
    position = 0
    for match in _KEPT.finditer(text):
        name = match[1].lower()
        if match.start() < position or name in unclosed:
            continue
        closing = _ENDS[name].search(text, match.end())
        end = text.find(">", closing.end()) + 1 if closing else 0
        if not end:
            unclosed.add(name)
            continue
        # <pre> stands on its own; a script in the middle of a line must not split it.
        mark = f"<sf-{'thing' if name == 'pre' else 'inline'} {len(kept)}>"
        out += [text[position : match.start()], mark]
        kept.append(text[match.start() : end])
        position = end
    out.append(text[position:])
    return "".join(out), kept
