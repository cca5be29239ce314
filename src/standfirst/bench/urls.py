"""Ours, and Wagtail's own way of serving pages below /plain/, through its tree."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as document_urls

from standfirst.config.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [path("documents/", include(document_urls)), path("plain/", include(wagtail_urls)), *urlpatterns]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
