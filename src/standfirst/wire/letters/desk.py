"""Letters at the desk: what went and how it stands, making one by hand, mailings, and whom we do not write to."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from standfirst.mailroom import selectors, services
from standfirst.mailroom.addresses import address_checked
from standfirst.mailroom.errors import MailroomRefused, NoAddress
from standfirst.mailroom.models import Letter, Mailing, Suppression
from standfirst.mailroom.posting import TOKEN, base_url
from standfirst.people.selectors import may_publish
from standfirst.stories.models import StoryPage
from standfirst.wire.letters.composing import at_night, letter_words, stories_for
from standfirst.wire.letters.forms import MAILING_FIELDS, LetterForm, MailingForm

DRAFT, SENDING = Letter.State.DRAFT, Letter.State.SENDING


def _allowed(request: HttpRequest) -> None:
    if not may_publish(request.user):
        raise PermissionDenied


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    _allowed(request)
    page = Paginator(Letter.objects.select_related("mailing", "made_by"), 30).get_page(request.GET.get("p"))
    rows = [(letter, selectors.progress_of(letter)) for letter in page]
    mailings = [(one, one.subscriptions.filter(state="active").count()) for one in selectors.mailings(is_open=False)]
    context = {
        "rows": rows,
        "page": page,
        "mailings": mailings,
        "down": selectors.suppliers_down(),
        "late": selectors.late_since(),
        "suppressed": Suppression.objects.count(),
    }
    return render(request, "wire/letters/desk/index.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a letter, or change a draft. What is kept is put together at once, so that a preview is what goes out."""
    _allowed(request)
    letter = get_object_or_404(Letter, pk=pk, state=DRAFT) if pk else None
    form = LetterForm(request.POST or None, letter=letter)
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        kept = _kept(form, letter, request.user)
        messages.success(request, _("The letter is kept. Nobody has got it yet."))
        return redirect("letters_desk:letter", kept.pk)
    context = {"form": form, "letter": letter, "is_again": "again" in request.POST}
    return render(request, "wire/letters/desk/edit.html", context)


def _kept(form: LetterForm, letter: Letter | None, user: Any, corrects: Letter | None = None) -> Letter:
    typed = form.cleaned_data
    words = letter_words(
        mailing=typed["mailing"],
        language=typed["language"],
        stories=stories_for(form.chosen(), typed["language"]),
        subject=typed["subject"],
        preheader=typed["preheader"],
        intro=typed["intro"],
        corrects=letter.corrects if letter else corrects,
    )
    source = {
        "stories": form.chosen(),
        "typed": {name: typed[name] for name in ("subject", "preheader", "intro")},
    }
    given = {
        "mailing": typed["mailing"],
        "language": typed["language"],
        "subject": words.subject,
        "preheader": words.preheader,
        "text": words.text,
        "html": words.html,
        "carries": words.carries,
        "counts_links": words.counts_links,
        "source": source,
    }
    if letter is not None:
        return services.letter_rewrite(letter=letter, **given)
    return services.letter_draft(made_by=user, corrects=corrects, **given)


@never_cache
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: how it looks while it is a draft, how it stands when it is on its way."""
    _allowed(request)
    found = get_object_or_404(Letter.objects.select_related("mailing", "corrects"), pk=pk)
    progress = selectors.progress_of(found)
    context = {
        "letter": found,
        "progress": progress,
        "readers": selectors.readers_of(found).count(),
        "corrected": _corrected_since(found),
        "links": _links(found),
        "is_moving": found.state == SENDING,
        "default_at": timezone.localtime(timezone.now() + dt.timedelta(hours=1)).replace(minute=0),
    }
    return render(request, "wire/letters/desk/letter.html", context)


@never_cache
@require_GET
def really(request: HttpRequest, pk: int) -> HttpResponse:
    """The second look before a letter goes: to how many, and exactly what they get."""
    _allowed(request)
    found = get_object_or_404(Letter.objects.select_related("mailing", "corrects"), pk=pk)
    if found.state != DRAFT:
        return redirect("letters_desk:letter", pk)
    minutes = int(services.UNDO.total_seconds() // 60)
    context = {"letter": found, "readers": selectors.readers_of(found).count(), "minutes": minutes}
    return render(request, "wire/letters/desk/really.html", context)


def _corrected_since(letter: Letter) -> list[Any]:
    """Entries of the corrections log about stories that this letter carried, made after it went."""
    from standfirst.corrections.models import Correction

    stories = [int(key.partition(":")[2]) for key in letter.carries if key.startswith("story:")]
    if not stories or letter.started_at is None:
        return []
    found = Correction.objects.filter(story_id__in=stories, fixed_at__gt=letter.started_at)
    return list(found.select_related("story").order_by("-number")[:20])


def _links(letter: Letter) -> list[tuple[Any, str]]:
    """The letter's counted links with the headline of the story each leads to."""
    rows = list(letter.links.all())
    titles = dict(
        StoryPage.objects.filter(public_path__in=[row.path for row in rows]).values_list("public_path", "title")
    )
    return [(row, titles.get(row.path, "")) for row in rows]


@never_cache
@require_GET
@xframe_options_sameorigin
def preview(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    _allowed(request)
    found = get_object_or_404(Letter, pk=pk)
    if kind == "text":
        return HttpResponse(found.text.replace(TOKEN, "…"), content_type="text/plain; charset=utf-8")
    html = found.html.replace(TOKEN, "…")
    answer = HttpResponse(at_night(html) if kind == "night" else html)
    # A letter's style stands in its lines, as mail programs want it; here it may do nothing else. Its pictures have the
    # paper's own address, which need not be the one by which the desk is open.
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' {base_url()}; frame-ancestors 'self'; sandbox"
    )
    return answer


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Everything that can be done with a letter."""
    _allowed(request)
    found = get_object_or_404(Letter.objects.select_related("mailing"), pk=pk)
    try:
        said = _act(request, found, what)
    except MailroomRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("letters_desk:letter", pk)
    if what == "send" and not said:
        return redirect("letters_desk:really", pk)
    if what == "remove":
        messages.success(request, said)
        return redirect("letters_desk:index")
    if what == "correct":
        return redirect("letters_desk:edit", said)
    messages.success(request, said)
    return redirect("letters_desk:letter", pk)


def _act(request: HttpRequest, found: Letter, what: str) -> str:
    user: Any = request.user
    if what == "test":
        services.note_send(
            to=user.email,
            subject=_("Test: %(subject)s") % {"subject": found.subject},
            text=found.text.replace(TOKEN, "TEST"),
            html=found.html.replace(TOKEN, "TEST"),
            language=found.language,
            kind="test",
            reference=f"test-{found.pk}-{secrets.token_hex(6)}",
        )
        return _("A test letter is on its way to %(email)s.") % {"email": user.email}
    if what == "send":
        if request.POST.get("sure") != "yes":
            raise MailroomRefused(_("Nothing was sent: tick that you have read the letter, then send it."))
        if request.POST.get("really") != "yes":
            return ""
        sent = services.letter_send_soon(letter=found)
        at = date_format(timezone.localtime(sent.due_at), "H:i:s")
        return _("The letter goes out at %(at)s. Until then you can take it back.") % {"at": at}
    if what == "schedule":
        return _scheduled(request, found)
    acts = {
        "unschedule": (services.letter_unschedule, _("The letter is a draft again.")),
        "pause": (services.letter_pause, _("Nobody else gets it for now.")),
        "resume": (services.letter_resume, _("It goes on.")),
        "stop": (services.letter_stop, _("Nobody else gets it.")),
        "remove": (services.letter_remove, _("The draft is gone.")),
    }
    if what in acts:
        act, said = acts[what]
        act(letter=found)
        return said
    if what == "unsure":
        again = services.letter_unsure_again(letter=found)
        return ngettext("Sent once more to %(count)d reader.", "Sent once more to %(count)d readers.", again) % {
            "count": again
        }
    if what == "correct":
        subject = _("Correction: %(subject)s") % {"subject": found.subject}
        made = services.letter_draft(
            mailing=found.mailing, language=found.language, subject=subject, made_by=user, corrects=found,
            source={"stories": [], "typed": {"subject": subject[:200], "preheader": "", "intro": ""}},
        )  # fmt: skip
        return str(made.pk)
    raise MailroomRefused(_("Nothing was done: there is no such button."))


def _scheduled(request: HttpRequest, found: Letter) -> str:
    try:
        typed = dt.datetime.fromisoformat(request.POST.get("due_at", ""))
    except ValueError:
        raise MailroomRefused(_("Nothing was planned: choose a day and a time.")) from None
    due_at = timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    if due_at <= timezone.now():
        raise MailroomRefused(_("Nothing was planned: that moment has passed."))
    services.letter_schedule(letter=found, due_at=due_at)
    return _("The letter goes out by itself at that time.")


@never_cache
@require_http_methods(["GET", "POST"])
def mailings(request: HttpRequest) -> HttpResponse:
    """Which mailings there are, what they are called, and when they go out."""
    _allowed(request)
    forms = [MailingForm(request.POST or None, mailing=one) for one in Mailing.objects.all()]
    # Each is asked, so that all that is wrong is said at once.
    wrong = [form for form in forms if not form.is_valid()]
    if request.method == "POST" and not wrong:
        for form in forms:
            given = {n: form.cleaned_data[n] for n in MAILING_FIELDS}
            services.mailing_change(
                mailing=form.mailing, names=form.by_language("name"), descriptions=form.by_language("description"),
                **given,
            )  # fmt: skip
        messages.success(request, _("The mailings are kept."))
        return redirect("letters_desk:mailings")
    return render(request, "wire/letters/desk/mailings.html", {"forms": forms})


@never_cache
@require_http_methods(["GET", "POST"])
def suppressed(request: HttpRequest) -> HttpResponse:
    """Whom we do not write to, and why."""
    _allowed(request)
    if request.method == "POST":
        email = request.POST.get("email", "").strip()
        if request.POST.get("act") == "lift":
            services.suppression_lift(email=email)
            messages.success(request, _("%(email)s is written to again.") % {"email": email})
        else:
            try:
                email = address_checked(email)
                services.address_suppress(email=email, reason=Suppression.Reason.BY_HAND)
                messages.success(request, _("%(email)s is not written to any more.") % {"email": email})
            except NoAddress as refusal:
                messages.error(request, str(refusal))
        return redirect("letters_desk:suppressed")
    asked = request.GET.get("q", "").strip()
    rows = Suppression.objects.filter(email__icontains=asked) if asked else Suppression.objects.all()
    context = {"page": Paginator(rows, 50).get_page(request.GET.get("p")), "asked": asked}
    return render(request, "wire/letters/desk/suppressed.html", context)
