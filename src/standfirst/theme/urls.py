from django.urls import re_path

from standfirst.theme import views

app_name = "theme"
urlpatterns = [
    re_path(
        r"^colours-(?P<accent>[0-9a-f]{6})-(?P<accent_dark>[0-9a-f]{6})\.css$", views.newsroom_colours, name="colours"
    ),
]
