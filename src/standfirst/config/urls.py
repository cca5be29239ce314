"""Addresses of the whole paper: the desk's, and the public ones."""

from django.conf import settings
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from standfirst.config import health, public_urls
from standfirst.config.public_urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("desk/", include("standfirst.people.urls")),
    path("desk/", include(wagtailadmin_urls)),
    *public_urls.urlpatterns,
]

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns = [*static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT), *urlpatterns]
