"""Accounts at the desk: what only an administrator may do to an administrator, and help for a lost phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from standfirst.people import admin
from standfirst.people.models import User


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("people/<int:pk>/reset/", admin.ResetView.as_view(), name="people_reset")]


@hooks.register("register_user_listing_buttons")
def lost_phone(user: User, request_user: User) -> Iterator[Button]:
    button = admin.reset_button(user, request_user)
    if button:
        yield button


@hooks.register("after_create_user")
def invited(request: HttpRequest, user: User) -> None:
    admin.invite(request, user)


@hooks.register("before_create_user")
def only_administrators_make_administrators(request: HttpRequest) -> None:
    if request.method == "POST" and request.POST.get("is_superuser") and not request.user.is_superuser:
        raise PermissionDenied


@hooks.register("before_edit_user")
def only_administrators_change_administrators(request: HttpRequest, user: User) -> None:
    """So that the last one cannot be switched off by anybody else; herself she cannot either (Wagtail's form)."""
    if request.user.is_superuser:
        return
    if user.is_superuser or (request.method == "POST" and request.POST.get("is_superuser")):
        raise PermissionDenied


@hooks.register("before_bulk_action")
def nor_many_at_once(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    if request.user.is_superuser:
        return
    if any(isinstance(one, User) and one.is_superuser for one in objects):
        raise PermissionDenied


@hooks.register("register_log_actions")
def in_the_history(actions: LogActionRegistry) -> None:
    actions.register_action("standfirst.people.reset", _("Sign-in reset"), _("Password and second factors taken away"))
