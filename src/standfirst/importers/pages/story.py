"""The story on a page: where it stands, what in it is not of it, and its headline, standfirst and lead picture.

trafilatura says which words are the story's; the page's own element that holds them is taken, because it still has the
figures, captions, lists and embeds that a text extractor loses. Then what is furniture goes, named in `left`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from standfirst.importers.pages import embeds
from standfirst.importers.pages.choosing import box_of, kept_words, wrap_runs
from standfirst.importers.pages.dates import moment_of
from standfirst.importers.pages.facts import Facts
from standfirst.importers.pages.furniture import is_furniture, is_label, is_notice, leads_away, link_share
from standfirst.importers.pages.headline import headline_of
from standfirst.importers.pages.origins import bare_address
from standfirst.importers.pages.pictures import PagePictures, has_address, is_dull
from standfirst.importers.pages.tree import flat, has_pictures, is_in, leaves, text_in
from standfirst.importers.records import PictureUse
from standfirst.kit.flow import drop
from standfirst.kit.links import joined, split

_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|subtitle|sub-title|subheadline|subheading|dek|lead|lede|lid|intro|excerpt|summary|article-lead|"
    r"article__lead|announce|anons|preview-text|description)(?:$|[\s_-])",
    re.IGNORECASE,
)
_GONE = (
    "script",
    "style",
    "template",
    "link",
    "meta",
    "object",
    "applet",
    "button",
    "input",
    "select",
    "textarea",
    "svg",
    "head",
)
_NOTE_MARK = re.compile(r"\[?\d{1,3}\]?")
MAX_DEPTH = 300
_LONG = 80
_MAX_STANDFIRST = 600
_MAX_NAMED = 12


@dataclass
class Story:
    """What was found. html: plain, pictures with absolute addresses. words: how many characters of running text."""

    title: str = ""
    standfirst: str = ""
    lead: PictureUse | None = None
    html: str = ""
    words: int = 0
    link_share: float = 0.0
    changes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence not in self.changes:
            self.changes.append(sentence)


def is_too_deep(document: etree._Element) -> bool:
    """Boxes in boxes beyond all sense: a page that only wants to exhaust its reader."""
    deepest, depth = 0, 0
    for event, _element in etree.iterwalk(document, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            return True
    return False


def story_of(document: etree._Element, facts: Facts, pictures: PagePictures) -> Story:
    """The story of a page whose `document` is free to be taken apart. An empty one where there is none."""
    story = Story()
    kept = kept_words(document)
    _unwrap_noscript(document)
    embeds.settle(document, pictures)
    _strip(document)
    story.title = headline_of(document, facts)
    wrap_runs(document)
    box, is_strict = box_of(document, kept)
    if box is None:
        _from_data(story, facts)
        return story
    lead_box = _lead_outside(document, box)
    story.standfirst = _standfirst(document, box, facts)
    _drop_furniture(box, kept, story)
    _drop_lines(box, kept, facts, story, is_strict=is_strict)
    story.link_share = link_share(box)
    _settle_links(box, facts)
    shown = _settle_pictures(box, pictures, story)
    story.lead = _lead(facts, pictures, lead_box, shown)
    story.words = len(text_in(box))
    story.html = "".join(_written(box))
    if len(facts.body.strip()) > 2 * story.words + 200:
        _from_data(story, facts)
    return story


def _strip(document: etree._Element) -> None:
    """What is never of the story, wherever it stands."""
    for element in [one for one in document.iter() if not isinstance(one.tag, str)]:
        drop(element)
    for element in list(document.iter(*_GONE)):
        drop(element)


def _unwrap_noscript(document: etree._Element) -> None:
    """Pictures that wait for a script lie in <noscript> beside the dot that holds their place."""
    for element in list(document.iter("noscript")):
        images = list(element.iter("img"))
        parent = element.getparent()
        if parent is None:
            continue
        before = element.getprevious()
        holder = before if before is not None and before.tag in ("img", "picture") else None
        after = element.getnext()
        beside = [one for one in (holder, after) if one is not None and one.tag in ("img", "picture")]
        waiting = any(has_address(image) for one in beside for image in one.iter("img"))
        if len(images) == 1 and parent.tag != "head" and not waiting:
            image = images[0]
            image.tail = None
            if holder is not None:
                drop(holder)
            element.addprevious(image)
        drop(element)


def _drop_furniture(box: etree._Element, kept: str, story: Story) -> None:
    """Boxes that say of themselves that they are not of the story. None that holds half of it."""
    whole = len(text_in(box))
    for element in list(box.iter()):
        if element is box or not isinstance(element.tag, str) or not is_in(element, box):
            continue
        is_aside = element.tag in ("aside", "footer")
        if element.tag == "header" and link_share(element) > 0.8 and not has_pictures(element):
            drop(element)  # a menu
            continue
        if not is_aside and not is_furniture(element):
            continue
        text = text_in(element)
        if len(text) > 0.5 * whole:
            continue
        if is_aside and not is_furniture(element) and link_share(element) < 0.4 and flat(text[:200]) in kept:
            continue  # a box of facts, or a quotation set apart
        _name_left(story, text)
        drop(element)


def _drop_lines(box: etree._Element, kept: str, facts: Facts, story: Story, *, is_strict: bool) -> None:
    """Lines that are not of the story: the headline again, who and when, calls to read or follow, lists of links."""
    all_lines = [leaf for leaf in leaves(box) if text_in(leaf)]
    longs = [number for number, leaf in enumerate(all_lines) if len(text_in(leaf)) >= _LONG and link_share(leaf) < 0.7]
    first, last = (longs[0], longs[-1]) if longs else (len(all_lines), len(all_lines))
    names = {
        name.words.casefold() for name in [*facts.authors, *facts.tags, *([facts.section] if facts.section else [])]
    }
    names |= {facts.site.casefold()}
    known = {flat(story.title), flat(story.standfirst)} - {""}
    for number, leaf in enumerate(all_lines):
        if not is_in(leaf, box):
            continue
        text = text_in(leaf)
        letters, share = flat(text), link_share(leaf)
        in_caption = leaf.tag == "figcaption" or any(up.tag == "figure" for up in leaf.iterancestors())
        is_cell = leaf.tag in ("td", "th") and any(up.tag == "table" and is_in(up, box) for up in leaf.iterancestors())
        is_title = (leaf.tag == "h1" and number < first) or (letters in known and number <= first + 1)
        if leaf.tag == "h1" and not is_title:
            is_title = letters in known
            leaf.tag = "h2"  # some pages call every subhead so
        is_head = number < first and len(text) < _LONG and (_is_dateline(text) or _is_names(text, names))
        is_head = is_head or (number < first and not any(char.isalpha() for char in text))
        is_head = is_head or (number < first and share > 0.3 and text.casefold().startswith("published in"))
        is_tail = number > last and (share > 0.9 or _is_names(text, names)) and not has_pictures(leaf)
        away = leads_away(text) and (share > 0.5 or len(text) < 40 or leaf.tag in ("h2", "h3", "h4", "h5", "strong"))
        is_unkept = is_strict and letters not in kept and not in_caption and leaf.tag not in ("h2", "h3", "h4")
        is_list_of_links = leaf.tag in ("li", "dd", "td") and share > 0.9 and letters not in kept and len(text) > 15
        if is_title or (is_label(text) and not is_cell):
            drop(leaf)
        elif (
            not in_caption
            and not is_cell
            and (is_head or is_tail or away or is_notice(text) or is_unkept or is_list_of_links)
        ):
            _name_left(story, text)
            _drop_with_list(leaf, box)
    _drop_dangling_headings(box)


def _drop_with_list(leaf: etree._Element, box: etree._Element) -> None:
    """A call to read on, and the list of links that follows it."""
    following = leaf.getnext()
    drop(leaf)
    is_list = following is not None and following.tag in ("ul", "ol", "div") and is_in(following, box)
    if following is not None and is_list and text_in(following) and link_share(following) > 0.85:
        drop(following)


def _drop_dangling_headings(box: etree._Element) -> None:
    """Subheads at the end, with nothing below them any more."""
    for leaf in reversed([one for one in leaves(box) if text_in(one) or has_pictures(one)]):
        if leaf.tag not in ("h2", "h3", "h4", "h5", "h6") or has_pictures(leaf):
            return
        drop(leaf)


def _is_dateline(text: str) -> bool:
    """“12 листопада 2024, 10:05 | 3 min read”; a sentence that names a day is longer."""
    if re.search(r"\d+\s*(?:min(?:ute)?s?\s*read|хв(?:илин\w*)?\.?\s*(?:на\s+)?читання)", text, re.IGNORECASE):
        return True
    return moment_of(text, words=True) is not None and len(re.sub(r"[\d\W]+", "", text)) < 45


def _is_names(text: str, names: set[str]) -> bool:
    """Nothing but who wrote it, the section or the tags."""
    if not any(char.isalpha() for char in text):
        return False
    rest = text.casefold()
    for name in sorted(filter(None, names), key=len, reverse=True):
        rest = rest.replace(name, " ")
    rest = re.sub(
        r"\b(?:by|author|автори?|авторка|теги?|tags?|текст|рубрика|categor(?:y|ies)|and|та)\b|[\W\d_]+",
        "",
        rest,
    )
    return not rest


def _name_left(story: Story, text: str) -> None:
    if len(text) < 25 or len(story.changes) >= _MAX_NAMED:
        return
    words = text if len(text) <= 80 else text[:79].rsplit(" ", 1)[0] + "…"
    story.note(_("Left out as not of the story: “%(words)s”.") % {"words": words})


def _standfirst(document: etree._Element, box: etree._Element, facts: Facts) -> str:
    """The words set between headline and text, when the page prints them; they leave the text then."""
    order = {one: number for number, one in enumerate(document.iter())}
    heading = next(iter(document.iter("h1")), None)
    start = order.get(heading, 0) if heading is not None else order[box] - 60
    firsts = [leaf for leaf in leaves(box) if len(text_in(leaf)) >= 40][:2]
    stop = order[firsts[0]] if firsts else order[box]
    described = flat(facts.description)
    for element in document.iter("p", "div", "h2", "h3", "h4", "strong", "b", "span"):
        if not start <= order[element] <= stop:
            continue
        text = text_in(element)
        if not 10 <= len(text) <= _MAX_STANDFIRST or (element.find(".//p") is not None and len(element) > 1):
            continue
        is_said = bool(_STANDFIRST.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"))
        is_said = is_said and (len(text) >= 30 or element.tag in ("h2", "h3", "h4"))
        is_described = bool(described) and flat(text) == described and element.tag in ("p", "div", "h2", "h3", "h4")
        around = {box, *box.iterancestors()}
        is_outside = any(is_furniture(up) for up in element.iterancestors() if up not in around)
        # In the text itself only if more follows it.
        has_more = not is_in(element, box) or len(text_in(box)) > 2 * len(text)
        if (is_said or is_described) and has_more and not is_outside:
            drop(element)
            return text
    return ""


def _lead_outside(document: etree._Element, box: etree._Element) -> etree._Element | None:
    """A picture between the headline and the text, outside the element of the text."""
    heading = next(iter(document.iter("h1")), None)
    if heading is None or is_in(heading, box):
        return None
    is_after = False
    for element in document.iter():
        if element is heading:
            is_after = True
        if element is box:
            return None
        if (
            is_after
            and element.tag == "img"
            and not is_dull(element)
            and not any(is_furniture(up) for up in element.iterancestors())
        ):
            return element
    return None


def _lead(
    facts: Facts, pictures: PagePictures, outside: etree._Element | None, shown: list[_Shown]
) -> PictureUse | None:
    """The picture above the text: printed there, else first in the text, else the one the page shares with others.

    No picture stands twice: one that the text shows too leaves it.
    """
    use = pictures.use_of(outside) if outside is not None else None
    if use is None and shown and not shown[0].is_below_text:
        use = shown[0].use
    if use is None and facts.picture:
        use = next((one.use for one in shown if _name(one.use.src) == _name(facts.picture)), None)
        use = use or pictures.of_address(
            facts.picture, caption=facts.picture_caption, credit=facts.picture_credit, alt=facts.picture_alt
        )
    for one in shown:
        if use is not None and _name(one.use.src) == _name(use.src):
            use.caption, use.credit = use.caption or one.use.caption, use.credit or one.use.credit
            drop(one.figure)
            break
    return use


def _name(address: str) -> str:
    """A picture's file name without what sizes add to it."""
    name = split(address).path.rsplit("/", 1)[-1].rpartition(".")[0] or address
    return re.sub(r"(?:-\d{2,5}x\d{2,5}|-scaled|@\dx|_\d{3,4}x\d{3,4})+$", "", name).casefold()


@dataclass
class _Shown:
    use: PictureUse
    figure: etree._Element
    is_below_text: bool


def _settle_pictures(box: etree._Element, pictures: PagePictures, story: Story) -> list[_Shown]:
    """Every picture as <figure> with an absolute address and its caption."""
    shown: list[_Shown] = []
    seen: set[str] = set()
    text_above = False
    for element in list(box.iter()):
        if not isinstance(element.tag, str) or not is_in(element, box):
            continue
        if element.tag != "img":
            own = (element.text or "").strip() if element.tag not in ("figcaption", "small", "cite") else ""
            text_above = text_above or (len(own) > 30 and not any(up.tag == "figure" for up in element.iterancestors()))
            continue
        use = pictures.use_of(element)
        place = _outermost(element)
        if use is None or use.src in seen:
            if use is None and pictures.is_lost(element):
                story.note(_("A picture was left out: its page says neither its address nor where its file lies."))
            drop(place if use is not None else element)
            continue
        seen.add(use.src)
        for words in pictures.spent:
            if is_in(words, box) and not is_in(element, words):
                drop(words)
        figure = etree.Element("figure")
        image = etree.SubElement(figure, "img", src=use.src, alt=use.alt)
        image.tail = None
        if use.caption:
            etree.SubElement(figure, "figcaption").text = use.caption
        figure.tail = place.tail
        place.tail = None
        parent = place.getparent()
        assert parent is not None
        parent.replace(place, figure)
        shown.append(_Shown(use, figure, text_above))
    return shown


def _outermost(image: etree._Element) -> etree._Element:
    """What holds this picture and its words and nothing else: its figure, its link, its small box."""
    place = image
    for up in image.iterancestors():
        if up.tag == "figure" and len(up.findall(".//img")) == 1:
            return up
        if up.tag == "dl" and len(up.findall(".//img")) == 1:
            return up
        holds_more = len(up.findall(".//img")) + len(up.findall(".//picture")) > 2 or len(up.findall(".//img")) > 1
        if holds_more or up.tag in ("body", "article", "section", "main", "li", "td", "figure"):
            break
        words = text_in(up)
        classed = up.find(".//*[@class]")
        caption = text_in(classed) if classed is not None else ""
        if not words or (up.tag in ("div", "span", "p", "center") and caption == words and len(words) < 600):
            place = up
            continue
        if (
            re.search(r"caption|figure|photo|image|img|picture|media", up.get("class") or "", re.IGNORECASE)
            and len(words) < 600
        ):
            place = up
            continue
        break
    return place


def _settle_links(box: etree._Element, facts: Facts) -> None:
    for link in box.iter("a"):
        href = (link.get("href") or "").strip()
        if href.startswith("#") and _NOTE_MARK.fullmatch(text_in(link)) and _follows_words(link):
            link.tag = "sup"  # a note below: its link leads nowhere here, its number stays a number
        if href and not href.startswith("#"):
            link.set("href", bare_address(joined(facts.address, href)) if facts.address else bare_address(href))


def _follows_words(link: etree._Element) -> bool:
    before = link.getprevious()
    words = before.tail if before is not None else (parent.text if (parent := link.getparent()) is not None else "")
    return bool((words or "").strip()) and not any(up.tag == "sup" for up in link.iterancestors())


def _from_data(story: Story, facts: Facts) -> None:
    """The text that the page gives to machines, where it shows readers none."""
    body = facts.body.strip()
    if not body:
        return
    if re.search(r"<(?:p|br|div)\b", body, re.IGNORECASE):
        story.html = body
    else:
        parts = [part.strip() for part in re.split(r"\n\s*\n|\r?\n", body) if part.strip()]
        story.html = "".join(f"<p>{html.escape(html.unescape(part), quote=False)}</p>" for part in parts)
    story.words, story.link_share = len(body), 0.0
    story.note(_("Its text was taken from the page's data for machines: links and pictures in it may be missing."))


def _written(box: etree._Element) -> Iterator[str]:
    if box.text and box.text.strip():
        yield html.escape(box.text, quote=False)
    for child in box:
        yield etree.tostring(child, encoding="unicode", method="html")
