from django.urls import re_path

from standfirst.stories import views

app_name = "stories"
DAY_AND_SLUG = r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/(?P<slug>[a-z0-9-]{1,110})/"

urlpatterns = [
    re_path(rf"^{DAY_AND_SLUG}$", views.story, name="story"),
    re_path(rf"^{DAY_AND_SLUG}text/$", views.text_edition, name="story_text"),
]
