"""Who reads this page at the desk's side: the small personal request of public pages (theme/personal.js)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import Resolver404, path, resolve, reverse
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.admin_url_finder import AdminURLFinder

from standfirst.fronts import selectors as fronts
from standfirst.people.models import Byline
from standfirst.stories.models import Section, StoryPage, Tag

LONGEST = 500


@never_cache
@require_GET
def here(request: HttpRequest) -> JsonResponse:
    """Name and ways to work for the colleague who has `?path=` open; Wagtail answers 403 to everybody else."""
    links = []
    shown = shown_at(request.GET.get("path", "")[:LONGEST])
    edit = AdminURLFinder(request.user).get_edit_url(shown) if shown is not None else None
    if edit:
        text = _("Edit this story") if isinstance(shown, StoryPage) else _("Edit this page")
        links.append({"text": text, "href": edit})
    links.append({"text": _("Desk"), "href": reverse("wagtailadmin_home")})
    return JsonResponse({"name": str(request.user), "links": links, "style": static("theme/personal.css")})


def shown_at(address: str) -> Any | None:
    """What one edits to change the page at a public address; None for what is made by itself."""
    language = get_language_from_path(address) or settings.LANGUAGE_CODE
    with override(language):
        try:
            match = resolve(address, urlconf=settings.PUBLIC_URLCONF)
        except Resolver404:
            return None
        slug = match.kwargs.get("slug", "")
        match match.view_name.removesuffix("_text"):
            case "stories:story":
                return StoryPage.objects.filter(public_path=address.removesuffix("text/"), live=True).first()
            case "fronts:home":
                return fronts.home_page(language)
            case "fronts:byline" | "fronts:byline_page":
                return Byline.objects.filter(slug=slug).first()
            case "fronts:tag" | "fronts:tag_page":
                return Tag.objects.filter(slug=slug).first()
            case "fronts:section" | "fronts:section_page":
                page = fronts.standing_page(slug, language)
                return page or Section.objects.filter(slug=slug).first()
            case "fronts:standing":
                return fronts.standing_page(match.kwargs["path"], language)
    return None


app_name = "here"
urlpatterns = [path("", here, name="here")]
