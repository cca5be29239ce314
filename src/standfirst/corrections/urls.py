from django.urls import re_path

from standfirst.corrections import status_views, views

app_name = "corrections"
DAY_AND_SLUG = r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/(?P<slug>[a-z0-9-]{1,110})/"

urlpatterns = [
    re_path(rf"^{DAY_AND_SLUG}suggest/$", views.suggest, name="suggest"),
    re_path(r"^suggestions/(?P<token>[A-Za-z0-9_-]{1,200})/$", status_views.status, name="status"),
]
