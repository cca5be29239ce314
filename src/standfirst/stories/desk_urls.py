"""Addresses of the desk's own screens for stories, below /desk/stories/."""

from django.urls import path

from standfirst.stories import desk, desk_change, desk_credits

app_name = "stories_desk"

urlpatterns = [
    path("new/<slug:language>/", desk.new_story, name="new"),
    path("quick/", desk.quick_story, name="quick"),
    path("paste/", desk.paste, name="paste"),
    path("credits/", desk_credits.credit_list, name="credits"),
    path("change/<int:page_id>/", desk_change.question, name="change"),
    path("picture/", desk.picture_in, name="picture"),
]
