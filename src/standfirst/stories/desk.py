"""HTTP for the desk: a new story, the quick story, and what comes out of a clipboard."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.images.forms import get_image_form
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from standfirst.kit.html import clean_paste
from standfirst.people.models import Byline, User
from standfirst.people.selectors import may_publish
from standfirst.stories import services
from standfirst.stories.checks import Problem
from standfirst.stories.errors import NotAllowed, NotReady
from standfirst.stories.forms import QuickStoryForm
from standfirst.stories.models import MonthPage, NewsImage, Section, StoryKind, StoryPage
from standfirst.stories.once import form_address, story_made
from standfirst.stories.plain import story_html, typed_lists


class DeskRequest(HttpRequest):
    """A request below /desk/: somebody is signed in."""

    user: User


MAX_PASTE_BYTES = 5_000_000


def _folder(language: str, user: User) -> MonthPage:
    """This month's folder of a language, for somebody who may write there."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    folder = services.month_folder(language=language, day=timezone.localdate())
    if not folder.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    return folder


def _may_add_pictures(user: User) -> bool:
    return bool(policy_registry.get_by_type(NewsImage).user_has_permission(user, "add"))


def new_story(request: DeskRequest, language: str) -> HttpResponse:
    """Open an empty story form in the right place of the tree, which nobody has to know about."""
    folder = _folder(language, request.user)
    return redirect(form_address(folder, uuid.uuid4()))


def quick_story(request: DeskRequest) -> HttpResponse:
    """Headline, section, text, Publish: from a phone, without script. A refusal keeps everything typed."""
    languages = list(settings.LANGUAGES)
    options = {"languages": languages, "sections": Section.objects.all()}
    publishes = may_publish(request.user)
    if request.method != "POST":
        _folder(languages[0][0], request.user)
        form = QuickStoryForm(initial=_quick_start(request), **options)
        return _quick_page(request, form, publishes)
    form = QuickStoryForm(request.POST, request.FILES, **options)
    form.full_clean()
    # Whoever comes second with the same form is led to the story the first one made.
    if made := story_made(key=form.cleaned_data.get("token"), user=request.user):
        return _quick_done(request, made)
    photo = _keep_photo(request, form)
    if form.errors:
        return _quick_page(request, form, publishes, photo, status=422)
    data = form.cleaned_data
    _folder(data["language"], request.user)
    try:
        with transaction.atomic():
            story = _quick_save(request, data, photo, publish=publishes and "publish" in request.POST)
    except NotReady as error:
        for problem in error.problems:
            form.add_error(_field_of(problem), str(problem.message))
        return _quick_page(request, form, publishes, photo, status=422)
    except (NotAllowed, ValidationError) as error:
        form.add_error(None, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
        return _quick_page(request, form, publishes, photo, status=422)
    except IntegrityError:
        # The same form, sent twice at once: the other one won.
        if made := story_made(key=data["token"], user=request.user):
            return _quick_done(request, made)
        raise
    return _quick_done(request, story)


def _quick_start(request: DeskRequest) -> dict[str, Any]:
    byline = Byline.objects.filter(account=request.user).order_by("pk").first()
    return {"token": uuid.uuid4(), "credit": byline.name if byline else ""}


def _picture_of(request: DeskRequest, file: Any, title: str, credit: str = "") -> NewsImage:
    """Take a file in as a picture, through the form that every upload passes.

    Raises ValidationError with whole sentences for what is no picture, too large, or damaged.
    """
    form = get_image_form(NewsImage)(
        {
            "title": title[:255],
            "credit": credit.strip()[:255],
            "collection": Collection.get_first_root_node().pk,
            "source_kind": NewsImage.SourceKind.OWN,
        },
        {"file": file} if file else {},
        user=request.user,
        instance=NewsImage(uploaded_by_user=request.user),
    )
    if not form.is_valid():
        raise ValidationError([reason for reasons in form.errors.values() for reason in reasons])
    return form.save()


def _keep_photo(request: DeskRequest, form: QuickStoryForm) -> NewsImage | None:
    """The photo of this form: sent now, or with an attempt that was refused. It is not asked for twice."""
    file = request.FILES.get("photo")
    kept = form.data.get("kept_photo", "")
    if file:
        title = form.data.get("description") or form.data.get("headline") or _("Photo")
        try:
            if not _may_add_pictures(request.user):
                raise ValidationError(_("Your role may not add pictures. Ask an editor."))
            return _picture_of(request, file, title, form.data.get("credit", ""))
        except ValidationError as error:
            form.add_error("photo", error)
            return None
    if kept.isdigit():
        return NewsImage.objects.filter(pk=int(kept), uploaded_by_user=request.user).first()
    return None


def _quick_save(request: DeskRequest, data: dict[str, Any], photo: NewsImage | None, *, publish: bool) -> StoryPage:
    user = request.user
    if photo is not None and data["credit"] and photo.credit != data["credit"]:
        photo.credit = data["credit"]
        photo.save(update_fields=["credit"])
    if photo is not None and data.get("checking") and may_publish(user):
        photo.credit_pending = True
        photo.save(update_fields=["credit_pending"])
    story = services.story_draft(
        language=data["language"],
        key=data["token"],
        headline=data["headline"],
        section=data["section"],
        author=user,
        kind=StoryKind.objects.filter(slug="news", is_active=True).first(),
        bylines=list(Byline.objects.filter(account=user).order_by("pk")[:1]),
        lead_image=photo,
        lead_alt=data["description"],
        body=[{"type": "text", "value": story_html(data["text"])}] if data["text"].strip() else [],
    )
    if publish:
        services.story_publish(story=story, editor=user)
        story.refresh_from_db()
    return story


def _field_of(problem: Problem) -> str | None:
    """The field of this form in which a reason of the gate can be dealt with."""
    return problem.lacks or ("section" if problem.field == "section" else None)


def _quick_page(
    request: DeskRequest,
    form: QuickStoryForm,
    publishes: bool,
    photo: NewsImage | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    if photo is not None:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["kept_photo"] = str(photo.pk)  # type: ignore[index]
    if not publishes:
        # A decision of those who may publish.
        form.fields.pop("checking", None)
    context = {"form": form, "may_publish": publishes, "photo": photo}
    return render(request, "stories/desk/quick.html", context, status=status)


def _quick_done(request: DeskRequest, story: StoryPage) -> HttpResponse:
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    if story.live:
        messages.success(
            request,
            _("“%(headline)s” is published.") % {"headline": story.title},
        )
    else:
        messages.success(request, _("“%(headline)s” is saved as a draft.") % {"headline": story.title})
    return redirect(edit)


@require_POST
def paste(request: DeskRequest) -> HttpResponse:
    """What a clipboard held in, story text out: the same cleaner as everywhere (kit.html.clean_paste).

    `?plain` says that it was no HTML but typed text.
    """
    body = request.body
    if len(body) > MAX_PASTE_BYTES:
        return JsonResponse({"error": _("That is too much to paste at once. Paste it in parts.")}, status=413)
    pasted = body.decode("utf-8", errors="replace")
    html = story_html(pasted) if "plain" in request.GET else typed_lists(clean_paste(pasted))
    return JsonResponse({"html": html})


@require_POST
def picture_in(request: DeskRequest) -> HttpResponse:
    """A picture that was dropped or pasted into the text: keep it, and say which it is."""
    if not _may_add_pictures(request.user):
        return JsonResponse({"error": _("Your role may not add pictures. Ask an editor.")}, status=403)
    file = request.FILES.get("file")
    name = (file.name or "" if file else "").rsplit(".", 1)[0]
    try:
        picture = _picture_of(request, file, name or _("Pasted picture"))
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    # What the picture block's own chooser holds of a chosen picture.
    return JsonResponse(AdminImageChooser().get_value_data(picture))
