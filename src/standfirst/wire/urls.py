"""Addresses for machines: sitemaps and the like once, feeds in every language."""

from django.conf import settings
from django.urls import path, re_path

from standfirst.wire import machines, views

app_name = "wire"

# The middleware has the language from the path already; here its prefix only has to fit.
_codes = "|".join(code for code, _name in settings.LANGUAGES[1:])
LANGUAGE = rf"(?:(?:{_codes})/)?" if _codes else ""
# A tag may be called "feed"; /tags/ itself has none.
PLACE = rf"{LANGUAGE}(?!(?:authors|tags)/feed/$)(?:(?:(?P<what>authors|tags)/)?(?P<slug>[a-z0-9-]{{1,100}})/)?feed/"

urlpatterns = [
    re_path(rf"^{PLACE}$", views.feed_root, name="feed_root"),
    re_path(rf"^{PLACE}(?P<form>atom|rss|json)$", views.feed_view, name="feed"),
    re_path(r"^corrections/feed\.(?P<form>atom|rss|json)$", views.corrections_feed, name="corrections_feed"),
    path("corrections.json", views.corrections_data, name="corrections_data"),
    re_path(r"^corrections/(?P<year>[12]\d{3})\.json$", views.corrections_data, name="corrections_year"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-pages.xml", views.sitemap_pages, name="sitemap_pages"),
    re_path(r"^sitemap-(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])\.xml$", views.sitemap_month, name="sitemap_month"),
    path("news-sitemap.xml", views.sitemap_news, name="news_sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(machines.MOVED[1:], views.moved, {"is_permanent": True}, name="moved"),
    path(machines.MOVED_FOR_NOW[1:], views.moved, {"is_permanent": False}, name="moved_for_now"),
    path(".well-known/security.txt", views.security, name="security"),
    path(".well-known/change-password", views.change_password, name="change_password"),
    path("favicon.ico", views.favicon, name="favicon"),
]
