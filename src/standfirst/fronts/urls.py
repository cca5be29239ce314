from django.urls import path, re_path

from standfirst.fronts import search, suggest, views

app_name = "fronts"
SLUG = r"(?P<slug>[a-z0-9-]{1,100})"
DAY_AND_SLUG = r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/(?P<slug>[a-z0-9-]{1,110})/"
NUMBER = r"page/(?P<number>[1-9]\d{0,5})/"

urlpatterns = [
    path("", views.home, name="home"),
    path("text/", views.home, {"text": True}, name="home_text"),
    re_path(rf"^{DAY_AND_SLUG}suggest/$", suggest.suggest, name="suggest"),
    re_path(rf"^{DAY_AND_SLUG}suggest/thanks/$", suggest.thanks, name="suggest_thanks"),
    path("search/", search.search, name="search"),
    path("archive/", views.archive, name="archive"),
    re_path(rf"^archive/{NUMBER}$", views.archive, name="archive_page"),
    path("authors/", views.bylines, name="bylines"),
    re_path(rf"^authors/{SLUG}/$", views.byline, name="byline"),
    re_path(rf"^authors/{SLUG}/{NUMBER}$", views.byline, name="byline_page"),
    re_path(rf"^tags/{SLUG}/$", views.tag, name="tag"),
    re_path(rf"^tags/{SLUG}/{NUMBER}$", views.tag, name="tag_page"),
    re_path(rf"^{SLUG}/text/$", views.section, {"text": True}, name="section_text"),
    re_path(rf"^{SLUG}/{NUMBER}$", views.section, name="section_page"),
    re_path(rf"^{SLUG}/$", views.section_or_standing, name="section"),
    re_path(r"^(?P<path>[a-z0-9-]{1,80}(?:/[a-z0-9-]{1,80}){1,3})/$", views.standing, name="standing"),
]
