from django.urls import path

from standfirst.patrons.desk import lists, views

app_name = "patrons_desk"
urlpatterns = [
    path("", views.index, name="index"),
    path("lists/", lists.lists, name="lists"),
    path("lists/members.csv", lists.members, name="members"),
    path("statement/", views.statement, name="statement"),
    path("statement/<int:pk>/", views.decide, name="decide"),
    path("alarms/<int:pk>/", views.alarm, name="alarm"),
    path("new/", views.grant, name="grant"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/<slug:act>/", views.act, name="act"),
]
