"""Addresses that exist once, for every language."""

from django.urls import path, re_path

from standfirst.mailroom import hooks, views

app_name = "mailroom"

urlpatterns = [
    path("u/<str:token>", views.leave, name="leave"),
    re_path(
        r"^newsletters/to/(?P<letter>[0-9]{1,12})\.(?P<mark>[A-Za-z0-9_-]{16})(?P<path>/.*)$",
        views.follow,
        name="follow",
    ),
    path("hooks/mail/<slug:name>/", hooks.mail_hook, name="hook"),
]
