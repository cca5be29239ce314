"""Addresses that exist once, for every language."""

from django.urls import path

from standfirst.mailroom import hooks, views

app_name = "mailroom"

urlpatterns = [
    path("u/<str:token>", views.leave, name="leave"),
    path("hooks/mail/<slug:name>/", hooks.mail_hook, name="hook"),
]
