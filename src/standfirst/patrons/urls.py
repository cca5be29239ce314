"""Addresses of the room. What programs of others use exists once, outside every language."""

from django.urls import path

from standfirst.patrons import hooks

app_name = "patrons"
# Outside every language.
once = ([path("hooks/payments/<slug:name>/", hooks.hook, name="hook")], "patron_hooks")
