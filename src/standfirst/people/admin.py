"""Newsroom screens of the room: bylines, and accounts with what Wagtail leaves open about them."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import EditView, UserViewSet

from standfirst.people.models import Byline, User
from standfirst.people.selectors import may_reset
from standfirst.people.services import password_link, sign_in_reset, welcome_send


class BylineViewSet(SnippetViewSet):
    model = Byline
    icon = "user"
    menu_label = _("Bylines")
    list_display = ["name", "kind", "role", "is_listed"]
    list_filter = ["kind", "is_listed"]
    search_fields = ["name"]
    ordering = ["name"]
    copy_view_enabled = False
    panels = [
        FieldPanel("name"),
        FieldPanel("kind", widget=forms.Select),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldPanel("portrait"),
        FieldPanel("website"),
        FieldPanel("fediverse"),
        FieldPanel("is_listed"),
        FieldPanel("slug", help_text=_("Part of the address of the author's page. Empty: made from the name.")),
        FieldPanel("account", widget=forms.Select),
        InlinePanel(
            "texts",
            heading=_("In the other languages"),
            label=_("language"),
            panels=[
                FieldPanel("language", widget=forms.Select(choices=[("", "—"), *settings.LANGUAGES])),
                FieldPanel("name"),
                FieldPanel("role"),
                FieldPanel("bio"),
            ],
        ),
    ]


def reset_button(user: User, request_user: User) -> Button | None:
    if not may_reset(request_user, user):
        return None
    return Button(
        _("Lost phone or password"), url=reverse("people_reset", args=[user.pk]), icon_name="key", priority=30
    )


class _SmallLetters:
    """The address is the key, in small letters, once."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class AccountCreationForm(_SmallLetters, UserCreationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "Leave it empty: your colleague gets a letter with a link and chooses her own."
        )
        self.fields["password2"].help_text = ""


class AccountEditForm(_SmallLetters, UserEditForm):
    pass


class AccountEditView(EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        button = reset_button(self.object, self.request.user)
        return [*super().header_more_buttons, *([button] if button else [])]


class AccountViewSet(UserViewSet):
    """Wagtail's screens for accounts, with a way to help somebody who lost her phone."""

    edit_view_class = AccountEditView
    # A copy would share name and roles with a living person.
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.Form]:
        return AccountEditForm if for_update else AccountCreationForm


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ResetView(WagtailAdminTemplateMixin, TemplateView):
    """Asks once more, takes the old sign-in away, and has a link sent."""

    template_name = "people/desk/reset.html"
    page_title = _("Lost phone or password")
    header_icon = "key"
    # With none, the page is headed by its title.
    breadcrumbs_items: list[dict[str, Any]] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.account = get_object_or_404(User, pk=kwargs["pk"])
        if not may_reset(request.user, self.account):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.account)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edit = reverse("wagtailusers_users:edit", args=[self.account.pk])
        return super().get_context_data(**kwargs) | {"account": self.account, "back": edit}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        link = sign_in_reset(user=self.account, by=request.user)
        tell_about_link(request, self.account, link, is_new=False)
        return redirect("wagtailusers_users:index")


def invite(request: HttpRequest, user: User) -> None:
    """A new account without a password: its owner chooses one."""
    if not user.password:
        tell_about_link(request, user, password_link(user=user), is_new=True)


def tell_about_link(request: HttpRequest, user: User, link: str, *, is_new: bool) -> None:
    trouble = welcome_send(user=user, link=link, is_new=is_new)
    if not trouble:
        messages.success(
            request,
            gettext("A letter is on its way to %(email)s, with a link that is good for three days.")
            % {"email": user.email},
        )
        return
    messages.warning(
        request,
        format_html(
            "{} <br><code>{}</code>",
            gettext(
                "No letter could be sent to %(email)s (%(why)s). Hand over this link yourself, so that nobody else "
                "sees it; it is good once, for three days, and not shown again:"
            )
            % {"email": user.email, "why": trouble},
            link,
        ),
    )
