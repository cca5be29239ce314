"""A folder of saved pages, read twice: what there is and how it hangs together, then each story."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import tempfile
import weakref
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _
from lxml import etree
from lxml import html as lxml_html

from standfirst.importers.errors import UNREADABLE, FileUnreadable
from standfirst.importers.letters import language_of
from standfirst.importers.pages.facts import Facts, Name, facts_of
from standfirst.importers.pages.files import Found, NoPage, SavedPage, found_files, read_page
from standfirst.importers.pages.origins import Origin, said_origin, unwrapped_archive
from standfirst.importers.pages.pictures import PagePictures
from standfirst.importers.pages.story import is_too_deep, story_of
from standfirst.importers.pages.verdict import kind_of, no_story, shown_chars, too_little
from standfirst.importers.records import Aside, Incoming, LeftOut, OldAuthor, OldList, PictureUse
from standfirst.kit.links import split
from standfirst.kit.slugs import slugify_ascii

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A picture that so many pages share is the paper's mark, not the story's.
_MARK_FROM = 5
# How many pages back the pictures of a page can still be asked for: the driver works in batches of a hundred.
_KEPT_PAGES = 400


@dataclass
class _Opened:
    found: Found
    page: SavedPage
    document: etree._Element
    facts: Facts
    origin: Origin
    text: str


@dataclass
class _Page:
    """What the first reading keeps of a file. weight: the newer, then the longer of two of one address wins."""

    foreign_id: str
    weight: tuple[str, int]
    number: int


@dataclass
class _Lists:
    """The addresses under which sections, tags and authors were found, whichever page said them."""

    of: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, key: str, address: str) -> None:
        if address and len(self.of.setdefault(key, {})) < 10:
            self.of[key][address] = None

    def drop(self, addresses: set[str]) -> None:
        """Forget these: an empty link names the page it stands on."""
        for found in self.of.values():
            for address in addresses & found.keys():
                del found[address]

    def get(self, key: str) -> tuple[str, ...]:
        return tuple(self.of.get(key, {}))


class PagesSource:
    """Saved pages as a source (records.Source). Raises ImportRefused where nothing readable is named."""

    def __init__(self, named: Sequence[Path]) -> None:
        self._files: list[Found] = list(found_files(named))
        if not self._files:
            raise FileUnreadable(_("There are no saved pages in what was named. They end in .html, .htm or .mhtml."))
        self._roots = [path.resolve() for path in named if path.is_dir()]
        self._drawer = Path(tempfile.mkdtemp(prefix="standfirst-pages-"))
        weakref.finalize(self, shutil.rmtree, self._drawer, ignore_errors=True)
        self._known: OrderedDict[str, PictureUse] = OrderedDict()
        self._pages: deque[list[str]] = deque()
        self.total = len(self._files)
        self.sections: Counter[str] = Counter()
        self.notes: list[str] = []
        self._best: dict[str, _Page] = {}
        self._group: dict[str, str] = {}
        self._marks: set[str] = set()
        self._lists = _Lists()
        self.site_url = ""
        self._survey()
        host = split(self.site_url).netloc.removeprefix("www.")
        self.name = f"pages:{host or _folder_name(named)}"[:200]

    def picture(self, use: PictureUse) -> PictureUse | None:
        """The file behind a use, where it was saved with its page, and the picture's credit."""
        return self._known.get(use.src)

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        for number, found in enumerate(self._files):
            self._pages.append([])
            while len(self._pages) > _KEPT_PAGES:
                for address in self._pages.popleft():
                    self._known.pop(address, None)
            try:
                yield self._entry(number, found)
            except NoPage as problem:
                yield LeftOut(found.relative, "page", found.path.name, str(problem))
            except UNREADABLE as error:
                why = _("It could not be read (%(error)s).") % {"error": error}
                yield LeftOut(found.relative, "page", found.path.name, why)

    def _survey(self) -> None:
        """The first reading: addresses, doubles, translations, lists, the paper's mark."""
        hosts: Counter[str] = Counter()
        shared: Counter[str] = Counter()
        alternates: dict[str, dict[str, str]] = {}
        pages: set[str] = set()
        for number, found in enumerate(self._files):
            try:
                opened = self._open(found)
            except (NoPage, *UNREADABLE):
                continue  # said when its turn comes
            facts = opened.facts
            if facts.address:
                parts = split(facts.address)
                hosts[f"{parts.scheme}://{parts.netloc}"] += 1
                pages.add(facts.address)
            foreign_id = _foreign_id(opened)
            weight = (_iso(facts.changed or facts.published), len(opened.text))
            best = self._best.get(foreign_id)
            if best is None or weight > best.weight:
                self._best[foreign_id] = _Page(foreign_id, weight, number)
            if facts.picture:
                shared[facts.picture] += 1
            if len(facts.translations) > 1:
                alternates[facts.address] = facts.translations
            if facts.section:
                self.sections[_key(facts.section)] += 1
            for kind, names in (
                ("section", [facts.section] if facts.section else []),
                ("tag", facts.tags),
                ("author", facts.authors),
            ):
                for name in names:
                    self._lists.add(f"{kind} {_key(name)}", name.address)
        self._lists.drop(pages)
        self._marks = {address for address, count in shared.items() if count >= _MARK_FROM}
        self._group = _translation_groups(alternates)
        self.site_url = _site_of(hosts)

    def _open(self, found: Found) -> _Opened:
        page = read_page(found.path)
        text, seen = unwrapped_archive(page.text)
        # The name of the folder that was named may be the host itself.
        relative = (
            f"{self._root_of(found).name}/{found.relative}" if "/" in found.relative or self._roots else found.relative
        )
        origin = said_origin(page.text, relative, page.address)
        origin.seen = origin.seen or seen
        document = _parsed(text)
        if is_too_deep(document):
            raise NoPage(_("It is nested deeper than any page; it was not read."))
        return _Opened(found, page, document, facts_of(document, origin=origin.address), origin, text)

    def _entry(self, number: int, found: Found) -> Incoming | LeftOut:
        opened = self._open(found)
        document, facts = opened.document, opened.facts
        title = facts.titles[0] if facts.titles else found.path.name
        leave = partial(LeftOut, found.relative, "page", title, link=facts.address)
        foreign_id = _foreign_id(opened)
        best = self._best.get(foreign_id)
        if best is not None and best.number != number:
            other = self._files[best.number].relative
            return leave(_("%(file)s holds the same page, newer or longer; that one was taken.") % {"file": other})
        why = no_story(document, facts, head=opened.text[:5000])
        if why:
            return leave(why)
        kind = kind_of(document, facts)
        if facts.picture in self._marks:
            facts.picture = ""
        shown = shown_chars(document)
        _keep_paid_parts(document, facts)
        story = story_of(document, facts, self._pictures(opened))
        why = too_little(facts, story, shown)
        if why:
            return leave(why)
        item = Incoming(
            foreign_id=foreign_id,
            kind=kind,
            title=story.title,
            link=facts.address if self._is_own(facts.address) else "",
            addresses=self._old_addresses(opened),
            slug=_slug(facts.address),
            html=story.html,
            standfirst=story.standfirst,
            published=facts.published,
            changed=facts.changed,
            section=self._section(facts),
            tags=[self._list("tag", tag) for tag in facts.tags],
            authors=[
                OldAuthor(_key(name), name.words, self._own_paths(f"author {_key(name)}")) for name in facts.authors
            ],
            lead=story.lead,
            translation_of=self._group.get(facts.address, ""),
            search_description=facts.description if facts.description != story.standfirst else "",
            changes=story.changes,
        )
        item.language, said = language_of(facts.language, f"{story.title} {story.html}")
        item.changes += [said] if said else []
        self._date(item, facts, opened.origin)
        if facts.is_paid:
            said = _("It was for some readers only on the old site; look whether the whole text is here.")
            item.held_because = " ".join(filter(None, (said, item.held_because)))
        if facts.address and not item.link:
            item.changes.append(
                _("It lay on another host (%(address)s); that address cannot lead here.") % {"address": facts.address}
            )
        return item

    def _date(self, item: Incoming, facts: Facts, origin: Origin) -> None:
        """A story whose day nobody knows is not sent out under a day of ours."""
        if facts.dated_by:
            item.changes.append(facts.dated_by)
        if facts.published is not None or item.kind == "page":
            return
        item.published, item.changed = facts.changed or origin.seen, None
        if facts.changed:
            item.held_because = _("It says only when it was last changed. Set its date and publish it.")
        elif origin.seen:
            item.held_because = _("It says no date; an archive copied it on %(day)s. Set its date and publish it.") % {
                "day": f"{origin.seen:%Y-%m-%d}"
            }
        else:
            item.held_because = _("It says no date. Set its date and publish it.")

    def _pictures(self, opened: _Opened) -> PagePictures:
        def tell(address: str, file: Path | None, credit: str) -> None:
            self._pages[-1].append(address)
            title = unquote(split(address).path.rsplit("/", 1)[-1]).rpartition(".")[0]
            self._known[address] = PictureUse(src=address, credit=credit, title=title, local=file)

        return PagePictures(
            file=opened.found.path,
            root=self._root_of(opened.found),
            base=opened.facts.address or opened.origin.address,
            drawer=self._drawer,
            text=opened.text,
            parts=opened.page.parts,
            tell=tell,
        )

    def _root_of(self, found: Found) -> Path:
        """Beyond this folder no page reaches: the one that was named, or the one its file lies in."""
        real = found.path.resolve()
        return next((root for root in self._roots if real.is_relative_to(root)), real.parent)

    def _is_own(self, address: str) -> bool:
        return bool(address) and _bare_host(address) == _bare_host(self.site_url)

    def _old_addresses(self, opened: _Opened) -> list[str]:
        facts = opened.facts
        said = [*facts.other_addresses, opened.origin.address]
        paths = [_path(one) for one in said if self._is_own(one) and one != facts.address]
        return [path for path in dict.fromkeys(paths) if path != "/"]

    def _section(self, facts: Facts) -> OldList | None:
        return self._list("section", facts.section) if facts.section else None

    def _list(self, kind: str, name: Name) -> OldList:
        paths = self._own_paths(f"{kind} {_key(name)}")
        slug = next((path.strip("/").rsplit("/", 1)[-1] for path in paths if "?" not in path), "")
        return OldList(_key(name), name.words, unquote(slug), paths)

    def _own_paths(self, key: str) -> tuple[str, ...]:
        return tuple(_path(one) for one in self._lists.get(key) if self._is_own(one) and _path(one) != "/")


def open_source(files: Sequence[Path]) -> PagesSource:
    """Read what there is, once, changing nothing. Raises ImportRefused where nothing readable is named."""
    return PagesSource([Path(file) for file in files])


def _parsed(text: str) -> etree._Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(_CONTROL.sub("", text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NoPage(_("It holds nothing that can be read as a page.")) from error


def _keep_paid_parts(document: etree._Element, facts: Facts) -> None:
    """What was for some readers only bears the name of the barrier that stood before it, and is of the story."""
    paid = facts.data.paid_classes
    for element in document.iter() if paid else ():
        own = (element.get("class") or "").split() if isinstance(element.tag, str) else []
        if paid & set(own):
            element.set("class", " ".join(name for name in own if name not in paid))


def _foreign_id(opened: _Opened) -> str:
    """The old address without what may change about it, else the file's own name."""
    if not opened.facts.address:
        return opened.found.relative if len(opened.found.relative) < 190 else _cut(opened.found.relative)
    parts = split(opened.facts.address)
    query = f"?{parts.query}" if parts.query else ""
    return _cut(unquote(f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query}"))


def _cut(name: str) -> str:
    if len(name) < 190:
        return name
    return f"{name[:160]}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _key(name: Name) -> str:
    return _cut(name.words.casefold())


def _path(address: str) -> str:
    parts = split(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _bare_host(address: str) -> str:
    return split(address).netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _slug(address: str) -> str:
    """The words of a story's old address, without an ending or a number before or behind them."""
    last = unquote(split(address).path.rstrip("/").rsplit("/", 1)[-1])
    last = re.sub(r"\.(?:s?html?|php|aspx?)$", "", last, flags=re.IGNORECASE)
    last = re.sub(r"^\d+[-_]|[-_]\d{4,}$", "", last)
    return last if sum(char.isalpha() for char in last) >= 4 else ""


def _iso(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


def _site_of(hosts: Counter[str]) -> str:
    """The site most pages lay on; with https where both were used."""
    totals: Counter[str] = Counter()
    for site, count in hosts.items():
        totals[_bare_host(site)] += count
    if not totals:
        return ""
    host = totals.most_common(1)[0][0]
    return max((site for site in hosts if _bare_host(site) == host), key=lambda site: (hosts[site], site))


def _translation_groups(alternates: dict[str, dict[str, str]]) -> dict[str, str]:
    """Pages that name each other as translations: address → one name for all of them.

    Only what both sides say counts: many sites name the front of the other language on every page.
    """
    groups: dict[str, str] = {}
    for address, said in alternates.items():
        partners = [one for one in said.values() if one != address and address in alternates.get(one, {}).values()]
        if partners:
            groups[address] = min(address, *partners)
    return groups


def _folder_name(named: Sequence[Path]) -> str:
    return slugify_ascii(named[0].resolve().stem, max_length=60, fallback="saved")
