"""A reader suggests: the form that needs no script, the same as JSON, and while the database is away both.

JSON is stable for programs of others: docs/developers/suggestions.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfirst.corrections import annotated, receiving, selectors, services
from standfirst.corrections.forms import SuggestionForm
from standfirst.corrections.receipts import Receipt
from standfirst.corrections.services import Sent
from standfirst.corrections.services.placing import Versions
from standfirst.kit.anchoring import Passage, Text, normal
from standfirst.letterbox import errors, guards
from standfirst.letterbox.views import FormPage, form_taken, kept_or_waiting, never_stored, words_for
from standfirst.stories.models import StoryPage

TEMPLATE, PLAIN = "corrections/suggest.html", "corrections/plain_suggest.html"
JSON, ANNOTATION = "application/json", "application/ld+json"
# A careful reader of a long story finds more in ten minutes than anybody writes letters.
RATES_OF_ONE = ((12, 600), (40, 24 * 60 * 60))


def suggest(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    """`…/suggest/`: `?p=BLOCK` names the passage it is about."""
    path = request.path_info.removesuffix("suggest/")
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    # The form of one story does not open the form of another.
    purpose = f"{SuggestionForm.purpose}:{path}"
    if request.method != "POST":
        if wants_json(request, JSON, ANNOTATION):
            return never_stored(JsonResponse({"token": guards.token_make(purpose)}, headers={"Vary": "Accept"}))
        return _form_shown(request, path, purpose)
    if request.content_type in (JSON, ANNOTATION):
        return never_stored(_json_taken(request, path, purpose))
    return _form_taken(request, path, purpose)


def wants_json(request: HttpRequest, *kinds: str) -> bool:
    """Whether the asker would rather have JSON (of one of these kinds) than a page."""
    preferred = request.get_preferred_type(["text/html", *(kinds or (JSON,))])
    return preferred is not None and preferred != "text/html"


# As JSON -------------------------------------------------------------------------------------------


def _json_taken(request: HttpRequest, path: str, purpose: str) -> HttpResponse:
    try:
        guards.size_check(request)
        guards.origin_check(request)
        read = receiving.json_read(request.body)
        is_annotation = annotated.is_annotation(read)
        fields = receiving.fields_read(read)
        guards.token_check(fields.get("token", ""), purpose)
        if is_annotation:
            fields = annotated.fields_read(read, own=fields, ground=_ground(request, path))
        form = SuggestionForm({"kind": Sent.kind, **fields, "exact": normal(fields.get("exact", ""))})
        if not form.is_valid():
            name, (said, *_others) = next(iter(form.errors.items()))
            return JsonResponse({"error": said, "field": _named(name, is_annotation)}, status=422)
        guards.rate_check(request, of_one=RATES_OF_ONE)
        place = {name: fields[name] for name in ("start", "end") if name in fields}
        around = {"prefix": fields.get("prefix", "")[-64:], "suffix": fields.get("suffix", "")[:64]}
        language = fields.get("language", "").partition("-")[0].lower()
        spoken = {"language": language} if language in dict(settings.LANGUAGES) else {}
        taken = _taken(replace(_sent(request, path, form), **place, **around, **spoken))
    except receiving.NotRead as problem:
        told = {"error": str(problem)} | ({"field": problem.field} if problem.field else {})
        return JsonResponse(told, status=problem.status)
    except errors.LetterRefused as refusal:
        answer = JsonResponse({"error": words_for(refusal)}, status=refusal.status)
        if refusal.retry_after:
            answer["Retry-After"] = str(refusal.retry_after)
        return answer
    except Http404:
        return JsonResponse({"error": _("There is no story at this address.")}, status=404)
    answered = {"number": taken.receipt.number, "status": taken.address, "waiting": taken.waiting}
    return JsonResponse(answered, status=201, headers={"Location": taken.address})


def _named(name: str, is_annotation: bool) -> str:
    return annotated.FIELDS.get(name, name) if is_annotation else name


def _ground(request: HttpRequest, path: str) -> annotated.Ground:
    """This story, for an annotation that names it. With the database away nobody knows its texts."""

    def is_here(address: str) -> bool:
        if address == path:
            return True
        try:
            meant = selectors.story_meant(address)
            return meant is not None and meant == selectors.story_meant(path)
        except Error:
            return False

    def text_at(number: int) -> Text | None:
        try:
            story = selectors.story_meant(path)
            versions = Versions(story) if story else None
            return versions.text(number or versions.newest) if versions else None
        except Error:
            return None

    base = urlsplit(settings.NEWSROOM.base_url or "")
    return annotated.Ground(frozenset({base.netloc.lower(), request.get_host().lower()}), is_here, text_at)


# As a form -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """What the form's page knows of the story; nothing of it while the database is away."""

    story: StoryPage | None = None
    version: int = 0
    passages: tuple[Passage, ...] = ()
    is_away: bool = False
    is_rush: bool = False

    def named(self, asked: str) -> Passage | None:
        """The passage that `?p=` names, by its whole name or by the key of its paragraph."""
        by_name = {passage.name: passage for passage in self.passages}
        return by_name.get(asked) or by_name.get(f"p-{asked}")


def _offered(path: str, *, is_rush: bool = False) -> Offered:
    if is_rush:
        return Offered(is_away=True, is_rush=True)
    try:
        story = selectors.story_meant(path)
        if story is None:
            raise Http404
        version, passages = selectors.passages_now(story)
    except Error:
        # Which story it is cannot be looked up; the form works all the same, for the address as it was asked.
        return Offered(is_away=True)
    return Offered(story, version, tuple(passages))


def _page(request: HttpRequest, path: str, offered: Offered, chosen: Passage | None = None) -> FormPage:
    context = {"story": offered.story, "chosen": chosen, "back": path}
    return FormPage(request, TEMPLATE, context, plain=PLAIN, is_away=offered.is_away, is_rush=offered.is_rush)


def _form_shown(
    request: HttpRequest, path: str, purpose: str, refusal: errors.LetterRefused | None = None
) -> HttpResponse:
    offered = _offered(path, is_rush=guards.is_rush(request))
    asked = request.GET.get("p", "")
    chosen = offered.named(asked)
    # With the database away nobody knows the passages; the name is kept as it was asked.
    block = chosen.name if chosen else (asked if offered.is_away and len(asked) < 80 else "")
    form = SuggestionForm(initial={"block": block, "version": offered.version or ""}, passages=list(offered.passages))
    return _page(request, path, offered, chosen).shown(form, guards.token_make(purpose), refusal)


def _form_taken(request: HttpRequest, path: str, purpose: str) -> HttpResponse:
    return form_taken(
        request,
        form_class=SuggestionForm,
        purpose=purpose,
        keep=lambda form: _taken(_sent(request, path, form)).address,
        fresh=lambda refusal: _form_shown(request, path, purpose, refusal),
        again=lambda _form, token, refusal: _form_again(request, path, token, refusal),
        of_one=RATES_OF_ONE,
    )


def _form_again(request: HttpRequest, path: str, token: str, refusal: errors.LetterRefused | None) -> HttpResponse:
    """The form with all that was typed in it, and what is wrong with it."""
    offered = _offered(path)
    form = SuggestionForm(request.POST, passages=list(offered.passages))
    if not form.is_valid() and refusal is None:
        form.add_error(None, _("Your suggestion has not been sent yet: something below needs another look."))
    page = _page(request, path, offered, offered.named(str(request.POST.get("block", ""))))
    return page.shown(form, token, refusal, status=422)


# Both ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A suggestion is in the database, or waits in the spool."""

    receipt: Receipt
    waiting: bool

    @property
    def address(self) -> str:
        return reverse("corrections:status", args=[self.receipt.token])


def _sent(request: HttpRequest, path: str, form: SuggestionForm) -> Sent:
    typed: dict[str, Any] = form.cleaned_data
    return Sent(
        path=path,
        kind=typed["kind"],
        exact=normal(typed["exact"]),
        block=typed["block"],
        version=typed["version"],
        wording=typed["wording"],
        why=typed["why"],
        reply_to=typed["email"],
        credit=typed["credit"],
        language=get_language() or "",
        form=typed["token"],
        is_spam=form.filled_by_machine,
        is_crowd=guards.is_crowd(request),
    )


def _taken(sent: Sent) -> Taken:
    """Put it before the desk, or into the spool while the database is away.

    Raises LetterRefused, and Http404 when there is no such story.
    """

    def keep() -> None:
        story = selectors.story_meant(sent.path)
        if story is None:
            raise Http404
        services.suggestion_receive(story=story, sent=sent)

    waiting = kept_or_waiting(keep, kind=receiving.SPOOL_KIND, payload=asdict(sent))
    return Taken(sent.receipt, waiting)
