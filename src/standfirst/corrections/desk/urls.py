from django.urls import path

from standfirst.corrections.desk import decisions, lists, notes, views, withholding

app_name = "corrections_desk"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("many/", decisions.many, name="many"),
    path("pile/", decisions.pile, name="pile"),
    path("answers/", lists.answers, name="answers"),
    path("looks/", lists.looks, name="looks"),
    path("looks/<int:pk>/", lists.looked, name="looked"),
    path("withhold/<int:pk>/", withholding.withhold, name="withhold"),
    path("withheld/", withholding.withheld, name="withheld"),
    path("withheld/rules/", withholding.rules, name="withheld_rules"),
    path("withheld/<int:pk>/<slug:act>/", withholding.decide, name="withheld_decide"),
    path("told/", decisions.told, name="told"),
    path("note/<int:pk>/", notes.note, name="note"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/<slug:act>/", decisions.decide, name="decide"),
]
