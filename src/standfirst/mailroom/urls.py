"""Addresses that exist once, for every language."""

from django.urls import path

from standfirst.mailroom import views

app_name = "mailroom"

urlpatterns = [
    path("u/<str:token>", views.leave, name="leave"),
]
