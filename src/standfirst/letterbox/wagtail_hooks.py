"""Letters at the desk: a list by state, one letter with what to do about it, and how many wait."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from standfirst.letterbox import selectors, services
from standfirst.letterbox.models import Letter


class LettersPolicy(ModelPermissionPolicy):
    """Letters come from outside: nobody at the desk writes one, and they leave by themselves."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class LetterIndexView(generic.IndexView):
    """New ones first; whoever may only view opens a letter all the same."""

    def get_base_queryset(self) -> Any:
        waiting = Case(When(state=Letter.State.NEW, then=0), When(state=Letter.State.DONE, then=1), default=2)
        return super().get_base_queryset().order_by(waiting, "-received_at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "text",
                label=gettext("Letter"),
                accessor=lambda letter: Truncator(letter.text or letter.wording or letter.quote).chars(90),
                get_url=self.address_of,
            ),
            Column("kind", label=gettext("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("about_path", label=gettext("Page")),
            Column("state", label=gettext("State"), accessor="get_state_display", sort_key="state"),
            DateColumn("received_at", label=gettext("Received"), sort_key="received_at"),
        ]

    def address_of(self, letter: Letter) -> str:
        return str(self.get_edit_url(letter) or self.get_inspect_url(letter))


class LetterEditView(generic.EditView):
    def save_instance(self) -> Letter:
        data = self.form.cleaned_data
        return services.letter_decide(letter=self.form.instance, state=data["state"], note=data["note"])


class LettersViewSet(ModelViewSet):
    model = Letter
    icon = "mail"
    menu_label = _("Letters")
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_view_fields = [
        "kind",
        "state",
        "received_at",
        "about_path",
        "quote",
        "wording",
        "text",
        "sender_name",
        "note",
    ]
    index_view_class = LetterIndexView
    edit_view_class = LetterEditView
    list_filter = ["state", "kind", "language"]
    search_fields = ["text", "quote", "wording", "sender_name", "about_path"]
    panels = [
        HelpPanel(template="letterbox/desk/letter.html"),
        FieldPanel("state"),
        FieldPanel("note"),
    ]


policy = LettersPolicy(Letter)
register_permission_policy(Letter, policy)
letters = LettersViewSet("letters")


class LettersMenuItem(MenuItem):
    """“Letters (3)”: the number of those nobody has dealt with."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_any_permission(request.user, ["view", "change"])

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        waiting = selectors.letters_waiting()
        if waiting:
            component.label = gettext("Letters (%(count)d)") % {"count": waiting}
        return component


@hooks.register("register_admin_viewset")
def register_letters() -> LettersViewSet:
    return letters


@hooks.register("register_admin_menu_item")
def letters_menu_item() -> MenuItem:
    return LettersMenuItem(
        _("Letters"), reverse(letters.get_url_name("index")), name="letters", icon_name="mail", order=250
    )
