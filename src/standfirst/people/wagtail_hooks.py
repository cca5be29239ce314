"""What the room adds to the desk: one page for one's own sign-in, and an invitation for every new colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from standfirst.people.adapters import invite
from standfirst.people.models import User


@hooks.register("register_help_menu_item")
def security() -> MenuItem:
    return MenuItem(gettext_lazy("Sign-in and security"), reverse("mfa_index"), icon_name="key", order=50)


@hooks.register("after_create_user")
def invitation(request: HttpRequest, user: User) -> None:
    """A new colleague chooses her password herself, by a link that goes to her address alone."""
    if not user.password:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        invite(request, user)
        messages.info(
            request, _("An invitation to choose a password is on its way to %(email)s.") % {"email": user.email}
        )
