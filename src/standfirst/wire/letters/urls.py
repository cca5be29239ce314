from django.urls import path

from standfirst.wire.letters import desk

app_name = "letters_desk"
urlpatterns = [
    path("", desk.index, name="index"),
    path("new/", desk.edit, name="new"),
    path("mailings/", desk.mailings, name="mailings"),
    path("suppressed/", desk.suppressed, name="suppressed"),
    path("<int:pk>/", desk.letter, name="letter"),
    path("<int:pk>/really/", desk.really, name="really"),
    path("<int:pk>/edit/", desk.edit, name="edit"),
    path("<int:pk>/preview/<slug:kind>/", desk.preview, name="preview"),
    path("<int:pk>/<slug:what>/", desk.act, name="act"),
]
