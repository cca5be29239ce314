"""Addresses of the whole paper. Public ones exist below /LANG/ for every language but the first."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from standfirst.config import health

handler404 = "standfirst.theme.errors.not_found"
handler500 = "standfirst.theme.errors.broken"

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("desk/", include("standfirst.people.urls")),
    path("desk/", include(wagtailadmin_urls)),
    path("", include("standfirst.wire.urls")),
    *i18n_patterns(
        path("", include("standfirst.stories.urls")),
        path("", include("standfirst.letterbox.urls")),
        path("", include("standfirst.theme.urls")),
        path("", include("standfirst.fronts.urls")),
        prefix_default_language=False,
    ),
]

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns = [*static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT), *urlpatterns]
