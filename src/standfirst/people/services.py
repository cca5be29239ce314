"""Accounts and roles: who may do what at the desk."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from wagtail.log_actions import log
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)
from wagtail.users.models import UserProfile

from standfirst.mailroom.suppliers import is_delivered
from standfirst.people.errors import AlreadyThere, NobodyThere, NotAllowed, UnknownRole
from standfirst.people.models import Byline, BylineText, User
from standfirst.people.selectors import may_reset

# Role → (Wagtail page permissions, what else). An administrator is a superuser as well.
REPORTER, EDITOR, ADMINISTRATOR = "reporter", "editor", "administrator"
ROLES = {REPORTER: "Reporters", EDITOR: "Editors", ADMINISTRATOR: "Administrators"}
_PAGE_PERMISSIONS = {
    REPORTER: ("add_page", "change_page"),
    EDITOR: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
# app.model → who may add, change, view and delete it, besides administrators.
_MODEL_PERMISSIONS = {
    REPORTER: (
        # Wagtail asks for the rights of its own models, whatever picture and file a paper uses.
        ("wagtailimages", ("image",), ("add", "change", "choose")),
        ("wagtaildocs", ("document",), ("add", "change", "choose")),
        ("letterbox", ("letter",), ("view",)),
    ),
    EDITOR: (
        ("wagtailimages", ("image",), ("add", "change", "delete", "choose")),
        ("wagtaildocs", ("document",), ("add", "change", "delete", "choose")),
        ("stories", ("section", "storykind", "tag"), ("add", "change", "view")),
        ("people", ("byline",), ("add", "change", "view")),
        ("fronts", ("masthead",), ("change",)),
        ("letterbox", ("letter",), ("view", "change")),
        ("redirects", ("redirect",), ("add", "change", "delete", "view")),
    ),
}


def roles_found() -> dict[str, Group]:
    """Make the three roles a new newsroom starts with; may run again and then only adds what is missing."""
    groups: dict[str, Group] = {}
    with transaction.atomic():
        root = Page.get_first_root_node()
        collection = Collection.get_first_root_node()
        for role, name in ROLES.items():
            group, _made = Group.objects.get_or_create(name=name)
            groups[role] = group
            group.permissions.add(
                Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
            )
            like = EDITOR if role == ADMINISTRATOR else role
            for codename in _PAGE_PERMISSIONS[like]:
                permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
                GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
            for app, models, verbs in _MODEL_PERMISSIONS[like]:
                wanted = Q()
                for model in models:
                    for verb in verbs:
                        wanted |= Q(codename=f"{verb}_{model}")
                for permission in Permission.objects.filter(wanted, content_type__app_label=app):
                    if app in ("wagtailimages", "wagtaildocs"):
                        GroupCollectionPermission.objects.get_or_create(
                            group=group, collection=collection, permission=permission
                        )
                    else:
                        group.permissions.add(permission)
        _reading_by_editors(groups)
    return groups


def _reading_by_editors(groups: dict[str, Group]) -> None:
    """A story that is handed in waits for an editor, not for Wagtail's group of moderators, which nobody is in."""
    task = GroupApprovalTask.objects.filter(name="Moderators approval").first()
    if task is not None:
        task.name = "An editor reads it"
        task.save()
        task.groups.set([groups[EDITOR], groups[ADMINISTRATOR]])
        Workflow.objects.filter(name="Moderators approval").update(name="An editor reads it")
    Group.objects.filter(name="Moderators", user__isnull=True).delete()


def account_add(*, email: str, name: str = "", role: str = REPORTER, password: str | None = None) -> tuple[User, str]:
    """Make an account in a role. Returns it with its password (made up when none was given).

    Raises UnknownRole, AlreadyThere, or ValidationError for a password that is too weak.
    """
    if role not in ROLES:
        raise UnknownRole(f"There is no role “{role}”. The roles are {', '.join(ROLES)}.")
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyThere(
            f"There is an account for {email} already. Use `standfirst people reset {email}` for a new password."
        )
    secret = password or secrets.token_urlsafe(12)
    if password:
        validate_password(password)
    with transaction.atomic():
        groups = roles_found()
        user = User.objects.create_user(email, secret, name=name, is_superuser=role == ADMINISTRATOR)
        user.groups.add(groups[role])
    return user, secret


def password_reset(*, email: str) -> tuple[User, str]:
    """Give an account a new random password, drop its second factors, end its sessions. For the shell.

    Switches an account on that was off: it is the way back in when nobody else is left.
    Raises NobodyThere when no account has that address.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise NobodyThere(f"No account has the address {email}. `standfirst people list` shows all.")
    secret = secrets.token_urlsafe(12)
    with transaction.atomic():
        user.is_active = True
        _shut(user, password=secret)
        log(instance=user, action="standfirst.people.reset")
    return user, secret


def sign_in_reset(*, user: User, by: User) -> str:
    """For a colleague who lost her phone: password and second factors go, sessions end, all at once.

    Returns the address at which she chooses a new password, good once and for three days; send it to her.
    Raises NotAllowed for one's own account, and for an administrator's when `by` is none.
    """
    if not may_reset(by, user):
        raise NotAllowed(f"{by} may not reset the sign-in of {user}: ask an administrator.")
    with transaction.atomic():
        _shut(user, password=secrets.token_urlsafe(32))
        log(instance=user, action="standfirst.people.reset", user=by)
    return password_link(user=user)


def _shut(user: User, *, password: str) -> None:
    from allauth.mfa.models import Authenticator

    user.set_password(password)  # also ends every session
    user.save()
    Authenticator.objects.filter(user=user).delete()


def password_link(*, user: User) -> str:
    """The address at which this person chooses a password; good once and for three days."""
    from allauth.account.adapter import get_adapter
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    if not user.password:
        user.set_password(secrets.token_urlsafe(32))
        user.save(update_fields=["password"])
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))


def welcome_send(*, user: User, link: str, is_new: bool) -> str:
    """Write to a colleague where to choose a password. Returns why that could not be done, or nothing.

    Without a mail server nothing is sent: whoever asked hands the link over.
    """
    newsroom = settings.NEWSROOM
    if not is_delivered():
        return gettext("no mail server is set up")
    # In her own language of the desk where she chose one, else in the paper's.
    profile = UserProfile.objects.filter(user=user).first()
    with override((profile and profile.preferred_language) or newsroom.language):
        words = {"name": user.get_short_name(), "paper": newsroom.name, "link": link, "is_new": is_new}
        subject = gettext("%(paper)s: your sign-in") % {"paper": newsroom.name}
        body = render_to_string("people/mail/choose_password.txt", words)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    except OSError as error:  # smtplib's errors are among them
        return str(error)
    return ""


def byline_add(
    *,
    name: str,
    kind: str = Byline.Kind.PERSON,
    role: str = "",
    bio: str = "",
    slug: str = "",
    account: User | None = None,
    texts: dict[str, dict[str, str]] | None = None,
) -> Byline:
    """A name under which the paper prints. texts: language → {"name": …, "role": …, "bio": …}."""
    with transaction.atomic():
        byline = Byline(name=name, kind=kind, role=role, bio=bio, slug=slug, account=account)
        byline.texts = [BylineText(language=code, **fields) for code, fields in (texts or {}).items()]
        byline.save()
    return byline
