"""A W3C Web Annotation of somebody's own program, read as a suggestion (AN-01 to AN-06).

What is said of selectors and bodies stands in docs/developers/suggestions.md. Several selectors of one target mean the
same words: the quote says which, the others where to look first. Nothing that an annotation points to is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from standfirst.corrections.annotation import CONTEXT
from standfirst.corrections.receiving import NotRead, is_text
from standfirst.corrections.selecting import Reading, names_of

# What our form's fields are called in an annotation.
FIELDS = {
    "exact": "target.selector.exact",
    "wording": "body",
    "why": "body",
    "kind": "motivation",
    "email": "creator.email",
    "credit": "creator.name",
}
_OWN = ("token", "kind", "email", "credit")
_MOST_PARTS = 20


@dataclass(frozen=True)
class Ground:
    """What is known where an annotation arrives. hosts: ours. is_here: whether an address is that of the story.
    text_at: of a public version, 0 for the newest; None when nobody can tell."""

    hosts: frozenset[str]
    is_here: Callable[[str], bool]
    text_at: Callable[[int], Any]


def is_annotation(read: Mapping[str, Any]) -> bool:
    return any(name in read for name in ("@context", "target")) or "Annotation" in names_of(read)


def fields_read(read: Mapping[str, Any], *, own: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
    """The fields of a suggestion (`receiving.fields_read`), and `language` when the words say theirs.

    own: those of our names that stand beside the annotation's. Raises NotRead.
    """
    _context_check(read.get("@context"))
    if names_of(read) and "Annotation" not in names_of(read):
        raise NotRead(_("The “type” must be “Annotation”."), "type", status=422)
    said = _Said(_words(read.get("motivation"), "motivation"))
    said.read(read)
    found: dict[str, Any] = {name: own[name] for name in _OWN if name in own}
    found |= {name: value for name, value in _creator(read.get("creator")) if name not in found}
    if said.is_question:
        found.setdefault("kind", "clarification")
    found |= {"wording": said.wording, "why": "\n\n".join(said.why)}
    found |= {"language": said.language} if said.language else {}
    return found | _target(read.get("target"), ground)


def _context_check(context: Any) -> None:
    """Other contexts give the names other meanings; one of the reader's own beside ours does not matter."""
    if context is None:
        return
    named = context if isinstance(context, list) else [context]
    wanted = CONTEXT.removeprefix("http://")
    for one in named:
        if isinstance(one, str) and one.removeprefix("https://").removeprefix("http://") == wanted:
            return
    raise NotRead(_("The “@context” must be, or have in its list, “%(context)s”.") % {"context": CONTEXT}, "@context")


def _words(value: Any, name: str) -> list[str]:
    """Motivations or purposes, without the name of their vocabulary."""
    named = [] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in named):
        raise NotRead(_("The field “%(field)s” must be text.") % {"field": name}, name)
    return [one.removeprefix("oa:").rpartition("#")[2] for one in named]


def text_in(value: Any, name: str) -> str:
    """A text of JSON-LD, bare or as a value object. Raises NotRead."""
    text = value.get("@value") if isinstance(value, dict) else value
    if not isinstance(text, str) or not is_text(text):
        raise NotRead(_("The field “%(field)s” must be text.") % {"field": name}, name)
    return text


def _creator(value: Any) -> Iterator[tuple[str, str]]:
    person = value[0] if isinstance(value, list) and value else value
    if isinstance(person, dict):
        if person.get("name") is not None:
            yield "credit", text_in(person["name"], "creator.name")
        if person.get("email") is not None:
            yield "email", text_in(person["email"], "creator.email").removeprefix("mailto:")


@dataclass
class _Said:
    """The bodies: better words, and what is wrong."""

    motivations: list[str]
    wording: str = ""
    why: list[str] = field(default_factory=list)
    language: str = ""
    is_question: bool = False

    def read(self, read: Mapping[str, Any]) -> None:
        self.is_question = "questioning" in self.motivations
        if read.get("bodyValue") is not None:
            self._add(text_in(read["bodyValue"], "bodyValue"), [])
        for body in _parts(read.get("body"), "body"):
            self._body(body)

    def _body(self, body: Any) -> None:
        if isinstance(body, str):
            # An address: where somebody can look. It is handed on and never asked.
            self._add(text_in(body, "body"), ["linking"])
            return
        purposes = _words(body.get("purpose"), "body.purpose")
        self.is_question = self.is_question or "questioning" in purposes
        if body.get("value") is None:
            address = body.get("source") or body.get("id") or body.get("@id")
            if isinstance(address, dict):
                self._body({**address, "purpose": purposes})
            elif address is None:
                raise NotRead(_("A body needs its text as “value”, or an address."), "body.value", status=422)
            else:
                self._add(text_in(address, "body.source"), purposes or ["linking"])
            return
        text = text_in(body["value"], "body.value")
        if "html" in str(body.get("format", "")):
            text = unescape(strip_tags(text))
        language = body.get("language")
        language = language[0] if isinstance(language, list) and language else language
        self.language = self.language or (language if isinstance(language, str) else "")
        self._add(text, purposes)

    def _add(self, text: str, purposes: list[str]) -> None:
        text = text.strip()
        is_wording = "editing" in purposes or (not purposes and self.motivations == ["editing"])
        if is_wording and not self.wording:
            self.wording = text
        elif text:
            self.why.append(text)


def _parts(value: Any, name: str) -> list[Any]:
    """Bodies or targets, one by one: alone, in a list, or in a set with `items` (of a choice the first)."""
    found: list[Any] = []
    for one in [] if value is None else value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("items"), list):
            inner = one["items"][:1] if "Choice" in names_of(one) else one["items"]
            found += [part for part in inner if isinstance(part, str | dict)]
        elif isinstance(one, str | dict):
            found.append(one)
        else:
            raise NotRead(_("The field “%(field)s” must be text or an object.") % {"field": name}, name)
    if len(found) > _MOST_PARTS:
        raise NotRead(_("The field “%(field)s” has too many parts.") % {"field": name}, name, status=422)
    return found


def _target(value: Any, ground: Ground) -> dict[str, Any]:
    targets = _parts(value, "target")
    if not targets:
        raise NotRead(_("The field “%(field)s” is missing.") % {"field": "target"}, "target")
    here = [one for one in ((target, *_source(target)) for target in targets) if _is_here(one[1], ground)]
    if not here:
        sentence = _("Its target is another address than that of this story. Send it to the story it is about.")
        raise NotRead(sentence, "target.source", status=422)
    if len(here) > 1:
        sentence = _("Its targets are several places of this story. Send an annotation for each of them.")
        raise NotRead(sentence, "target", status=422)
    target, address, version = here[0]
    version = version or (_version_of_state(target.get("state")) if isinstance(target, dict) else 0)
    selector = target.get("selector") if isinstance(target, dict) else None
    reading = Reading(lambda: ground.text_at(version))
    found = reading.fields(selector, fragment=unquote(urlsplit(address).fragment.partition(":~:")[0]))
    return found | ({"version": version} if version else {})


def _source(target: Any) -> tuple[str, int]:
    """The address a target names, and the number of the version it is, 0 when it does not say."""
    source = target
    while isinstance(source, dict):
        inner = source.get("source")
        source = source.get("id", source.get("@id")) if inner is None else inner
    address = text_in(source, "target.source")
    return address, _version_in(address)


def _version_in(address: str) -> int:
    _path, _versions, number = _split(address).path.partition("/versions/")
    number = number.partition("/")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0


def _split(address: str) -> Any:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise NotRead(_("“%(address)s” is no address.") % {"address": address[:200]}, "target.source") from error


def _is_here(address: str, ground: Ground) -> bool:
    parts = _split(address)
    if parts.netloc and parts.netloc.lower() not in ground.hosts:
        return False
    path = parts.path.partition("/versions/")[0].rstrip("/") + "/"
    for below in ("text/", "suggest/"):
        path = path.removesuffix(below)
    return ground.is_here(path)


def _version_of_state(state: Any) -> int:
    for one in state if isinstance(state, list) else [state]:
        cached = one.get("cached") if isinstance(one, dict) else None
        for address in cached if isinstance(cached, list) else [cached]:
            if isinstance(address, str) and (number := _version_in(address)):
                return number
    return 0
