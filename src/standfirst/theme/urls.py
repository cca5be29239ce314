from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from standfirst.theme import errors, views

app_name = "theme"


def _said(request: HttpRequest, status: str, language: str | None = None) -> HttpResponse:
    return errors.said(request, int(status), language or "")


urlpatterns = [
    re_path(r"^-/(?:(?P<language>[a-z-]{2,20})/)?(?P<status>404|410|503)/$", _said, name="said"),
    re_path(
        r"^colours-(?P<accent>[0-9a-f]{6})-(?P<accent_dark>[0-9a-f]{6})\.css$", views.newsroom_colours, name="colours"
    ),
    path("support/", views.support, name="support"),
    path("support/text/", views.support, {"text": True}, name="support_text"),
]
