"""Everything about a reader on one page, and the forms below it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfirst.kit import mailaddress
from standfirst.letterbox.errors import LetterRefused
from standfirst.readers import account as parts
from standfirst.readers import guard, letters, mydata, services
from standfirst.readers.doors import is_fresh, private, see_other, signed_in
from standfirst.readers.forms import AddressForm, CodeForm, DetailsForm, SignInForm
from standfirst.readers.models import Code, Session
from standfirst.readers.selectors import COOKIE, session_of
from standfirst.readers.views import absolute, code_page, send_code, sign_in_page, to_code, with_refusal


def tokens(request: HttpRequest) -> dict[str, str]:
    """A token for each form of the page."""
    return {name.replace("-", "_"): guard.form_token(request, name) for name in FORMS}


FORMS = ("sign-out", "details", "address", "export", "erase", "passkeys")


@private("GET", "HEAD")
def account(request: HttpRequest) -> HttpResponse:
    """Her own page; for whoever is not signed in the form to do so, without a detour."""
    return own(request) if session_of(request) else sign_in_page(request, SignInForm())


@signed_in("GET", "HEAD")
def own(request: HttpRequest, session: Session) -> HttpResponse:
    return page(request, session)


def page(request: HttpRequest, session: Session, *, status: int = 200, **more: Any) -> HttpResponse:
    """/account/. more: forms that were sent and want another look."""
    reader = session.reader
    context = {
        "reader": reader,
        "address": mailaddress.shown(reader.email),
        "session": session,
        "is_fresh": is_fresh(session),
        "tokens": tokens(request),
        # Each room writes its part with its own templates.
        "parts": [mark_safe(html) for part in parts.sections() if (html := part.view_part(request, reader))],  # noqa: S308
        "details": DetailsForm(initial={"name": reader.name, "language": reader.language or get_language()}),
        "address_form": AddressForm(),
        "sessions": reader.sessions.filter(expires_at__gt=timezone.now()),
        "passkeys": reader.passkeys.all(),
        "holdings": mydata.kept_about(reader.email),
        "is_saved": request.GET.get("saved", ""),
        **more,
    }
    return render(request, "readers/account.html", context, status=status)


@signed_in("POST", purpose="details")
def details(request: HttpRequest, session: Session) -> HttpResponse:
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return page(request, session, status=422, details=form)
    services.details_change(reader=session.reader, **form.cleaned_data)
    return see_other(f"{reverse('readers:account')}?saved=details#details")


@signed_in("GET", "HEAD", "POST", fresh=True, purpose="address")
def address(request: HttpRequest, session: Session) -> HttpResponse:
    """Ask for a code to another address."""
    form = AddressForm(request.POST or None)
    context: dict[str, Any] = {"reader": session.reader, "form": form, "token": guard.form_token(request, "address")}
    if request.method != "POST":
        return render(request, "readers/address.html", context)
    if form.is_valid() and form.cleaned_data["email"] == session.reader.email:
        form.add_error("email", _("This is the address you have now."))
    if not form.is_valid():
        return render(request, "readers/address.html", context, status=422)
    try:
        guard.code_rate_check(request, form.cleaned_data["email"])
        browser = guard.secret_made()
        send_code(
            request,
            email=form.cleaned_data["email"],
            browser=browser,
            purpose=Code.Purpose.ADDRESS,
            reader=session.reader,
        )
    except LetterRefused as refusal:
        return with_refusal(request, "readers/address.html", context, refusal)
    return to_code(reverse("readers:address_code"), browser)


@signed_in("GET", "HEAD", "POST")
def address_code(request: HttpRequest, session: Session) -> HttpResponse:
    """The form for that code."""
    template = "readers/address_code.html"
    if request.method != "POST":
        return code_page(request, template, CodeForm())
    form = CodeForm(request.POST)
    try:
        guard.form_check(request, "code")
        guard.try_rate_check(request)
        if not form.is_valid():
            return code_page(request, template, form, status=422)
        email = services.code_use(
            browser=guard.asked_with(request),
            typed=form.cleaned_data["code"],
            purpose=Code.Purpose.ADDRESS,
            reader=session.reader,
        )
        old = services.address_change(reader=session.reader, email=email, but=session)
    except LetterRefused as refusal:
        return code_page(request, template, form, refusal)
    letters.address_changed_tell(
        old=old, language=session.reader.language or get_language() or "en",
        contact=absolute(request, reverse("letterbox:contact")),
    )  # fmt: skip
    response = see_other(f"{reverse('readers:account')}?saved=address")
    guard.cookie_take(response, guard.ASKED)
    return response


@signed_in("POST", fresh=True, purpose="export")
def export(request: HttpRequest, session: Session) -> HttpResponse:
    """Everything, as one ZIP: for people and for programs."""
    response = HttpResponse(mydata.packed(session.reader.email), content_type="application/zip")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="everything-about-me-{day}.zip"'
    return response


@signed_in("GET", "HEAD", "POST", fresh=True, purpose="erase")
def erase(request: HttpRequest, session: Session) -> HttpResponse:
    """First what would go and what must stay; then, when she says so on that page, it goes."""
    reader = session.reader
    is_meant = request.method == "POST" and request.POST.get("sure") == "yes"
    if not is_meant:
        would = services.reader_erase(reader=reader, for_show=True)
        context = {
            "reader": reader,
            "address": mailaddress.shown(reader.email),
            "goes": [holding for holding, erased in would if erased.done],
            "stays": [(holding, erased) for holding, erased in would if erased.kept],
            "token": guard.form_token(request, "erase"),
            "is_asked_again": request.method == "POST",
        }
        return render(request, "readers/erase.html", context, status=422 if request.method == "POST" else 200)
    with transaction.atomic():
        done = services.reader_erase(reader=reader)
    context = {"stays": [(holding, erased) for holding, erased in done if erased.kept]}
    response = render(request, "readers/erased.html", context)
    guard.cookie_take(response, COOKIE)
    return response
