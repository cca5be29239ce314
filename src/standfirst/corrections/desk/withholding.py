"""Withhold something of a story; see what is withheld, confirm it, lift it. The rules are the services'."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standfirst.corrections import reach, rights
from standfirst.corrections.desk.views import DeskRequest
from standfirst.corrections.errors import NotAllowed, NotReady
from standfirst.corrections.models import Amendment, Correction, CorrectionLabel, Withholding
from standfirst.corrections.services import withholding as doors
from standfirst.corrections.vault import line_of
from standfirst.kit.masking import forms_of
from standfirst.people.selectors import may_publish
from standfirst.stories.models import NewsImage, StoryPage

LIST = "corrections_desk:withheld"
PAGE_SIZE = 30


@dataclass
class Choice:
    """One thing of a story that can be chosen. value: what the form sends."""

    value: str
    name: str


@dataclass
class Form:
    """The form as it was filled in, and what can be chosen in it."""

    story: StoryPage
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        kinds = Withholding.Kind
        found = [kinds.WORDS, kinds.VERSION, kinds.STORY]
        found += [kinds.PICTURE] if self.pictures else []
        found += [kinds.NOTE] if self.notes else []
        return [(kind.value, str(kind.label)) for kind in found]

    @property
    def categories(self) -> list[tuple[str, str]]:
        return [(value, str(name)) for value, name in Withholding.Category.choices]

    @property
    def versions(self) -> list[Choice]:
        rows = self.story.public_versions.select_related("text").order_by("-number")
        return [
            Choice(str(one.number), _("Version %(number)d") % {"number": one.number})
            for one in rows
            if hasattr(one, "text")
        ]

    @property
    def pictures(self) -> list[Choice]:
        return [Choice(str(image.pk), image.title) for image in reach.pictures_of(self.story)]

    @property
    def notes(self) -> list[Choice]:
        entries = Correction.objects.filter(story=self.story, text__isnull=False).exclude(label=CorrectionLabel.REMOVAL)
        found = [Choice(f"entry-{one.pk}", f"{one}: {one.text.note[:80]}") for one in entries.select_related("text")]
        lines = Amendment.objects.filter(correction__in=entries, words__isnull=False)
        found += [
            Choice(f"line-{one.pk}", f"{one.correction}, {one.number}: {one.text[:80]}")
            for one in lines.select_related("correction", "words")
        ]
        return found

    def wanted(self) -> doors.Wanted:
        typed = self.typed
        kind, note = typed.get("kind", ""), typed.get("note", "")
        table, _dash, number = note.partition("-")
        pk = int(number) if number.isdecimal() else 0
        version = typed.get("version", "")
        picture = typed.get("picture", "")
        return doors.Wanted(
            story=self.story,
            kind=kind,
            category=typed.get("category", ""),
            version=self.story.public_versions.filter(number=int(version)).first() if version.isdecimal() else None,
            words=forms_of(typed.get("words", "")),
            note_of=Correction.objects.filter(pk=pk).first() if table == "entry" else None,
            line_of=Amendment.objects.filter(pk=pk).select_related("correction").first() if table == "line" else None,
            picture=NewsImage.objects.filter(pk=int(picture)).first() if picture.isdecimal() else None,
        )


@never_cache
@require_http_methods(["GET", "POST"])
def withhold(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask what is to be withheld, show what that reaches, and do it when it is confirmed."""
    story = StoryPage.objects.filter(pk=pk).select_related("locale").first()
    if story is None or not story.public_versions.exists():
        raise Http404
    if not rights.may_accept(request.user, story):
        raise PermissionDenied
    names = ("kind", "category", "version", "words", "note", "picture", "reason")
    given = request.POST if request.method == "POST" else request.GET
    form = Form(story, {name: given.get(name, "") for name in names})
    preview, problem = None, ""
    if request.method == "POST":
        wanted = form.wanted()
        try:
            preview = doors.preview(wanted=wanted)
            if "now" in request.POST:
                doors.withhold(wanted=wanted, editor=request.user, reason=form.typed["reason"])
                messages.success(request, _("It is withheld. Readers cannot see it any more."))
                return redirect(LIST)
        except NotReady as error:
            preview, problem = None, str(error)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
    context = {
        "story": story,
        "form": form,
        "preview": preview,
        "problem": problem,
        "needs_second": doors.needs_second(),
        "days": doors.days(),
    }
    return render(request, "corrections/desk/withhold.html", context, status=422 if problem else 200)


@never_cache
@require_GET
def withheld(request: DeskRequest) -> HttpResponse:
    """Everything that was ever withheld, with its state; what waits for a second person first."""
    if not rights.may_see(request.user):
        raise PermissionDenied
    rows = reach.listed()
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        "page": shown,
        "rows": [_row(one, request.user) for one in shown],
        "may_set": may_publish(request.user),
        "rules": doors.rules(),
        "may_do_without": rights.editors().count() <= 2,
    }
    return render(request, "corrections/desk/withheld.html", context)


def _row(one: Withholding, user: Any) -> dict[str, Any]:
    may = rights.may_accept(user, one.story)
    with override(one.story.language):
        line = line_of(one)
    return {
        "one": one,
        "line": line,
        "state": doors.state_of(one),
        "destroyed_on": doors.destroyed_on(one),
        "may_see": may,
        "may_confirm": may and one.confirmed_at is None and one.is_held and one.by_id != user.pk,
        "may_lift": may and one.is_held,
    }


@require_POST
def decide(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """Confirm or lift."""
    if not rights.may_see(request.user):
        raise PermissionDenied
    one = Withholding.objects.filter(pk=pk).select_related("story__locale", "entry").first()
    door = {"confirm": doors.withholding_confirm, "lift": doors.withholding_lift}.get(act)
    if one is None or door is None:
        raise Http404
    try:
        door(withholding=one, editor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except NotReady as error:
        messages.warning(request, str(error))
    else:
        said = {
            "confirm": _("Confirmed. It will be destroyed on the day that is shown."),
            "lift": _("Lifted. Old versions and notes read as before; the story itself is yours to change."),
        }
        messages.success(request, said[act])
    return redirect(LIST)


@require_POST
def rules(request: DeskRequest) -> HttpResponse:
    """What the newsroom decides about withholding."""
    if not may_publish(request.user):
        raise PermissionDenied
    try:
        doors.rules_write(
            wants_second="wants_second" in request.POST, days=request.POST.get("days", ""), editor=request.user
        )
    except NotReady as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The rules of withholding are saved."))
    return redirect(LIST)
