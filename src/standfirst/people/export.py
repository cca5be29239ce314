"""Bylines with their words in every language; accounts only in a private export, and never their secrets."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from standfirst.kit.exports import BadExport, In, Out, Part, gettext_noop, moment, part, records
from standfirst.people.models import Byline, BylineText, User
from standfirst.people.services import ROLES, roles_found

PEOPLE, ACCOUNTS = "people.json", "accounts.json"


def register() -> None:
    part(Part("accounts", 5, write_accounts, read_accounts))
    part(Part("bylines", 15, write, read, shows=shows, holds=lambda: {"bylines": Byline.objects.count()}))


def shows() -> list[tuple[str, int]]:
    rows = Byline.objects.filter(portrait__isnull=False).values_list("portrait_id", flat=True)
    return [("picture", pk) for pk in rows if pk]


def write_accounts(out: Out) -> None:
    if not out.private:
        return
    of_group = {name: role for role, name in ROLES.items()}
    people = User.objects.order_by("email").prefetch_related("groups")
    out.json(
        ACCOUNTS,
        [
            {
                "email": user.email,
                "name": user.name,
                "roles": sorted(of_group[group.name] for group in user.groups.all() if group.name in of_group),
                "is_active": user.is_active,
                "is_superuser": user.is_superuser,
                "joined_at": moment(user.date_joined),
            }
            for user in people
        ],
    )
    out.count("accounts", len(people))


def write(out: Out) -> None:
    rows = Byline.objects.order_by("pk").select_related("account").prefetch_related("texts")
    out.json(PEOPLE, [_byline(byline, private=out.private) for byline in rows])
    out.count("bylines", len(rows))


def _byline(byline: Byline, *, private: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": byline.pk,
        "slug": byline.slug,
        "name": byline.name,
        "kind": byline.kind,
        "role": byline.role,
        "bio": byline.bio,
        "portrait": byline.portrait_id,
        "fediverse": byline.fediverse,
        "website": byline.website,
        "is_listed": byline.is_listed,
        "texts": [
            {"language": text.language, "name": text.name, "role": text.role, "bio": text.bio}
            for text in sorted(byline.texts.all(), key=lambda text: text.language)
        ],
    }
    if private:
        # Who stands behind a byline is for the newsroom alone.
        said["account"] = byline.account.email if byline.account else ""
    return said


def read_accounts(inward: In) -> None:
    """Accounts come switched off and without a password: `standfirst people reset` opens them, one by one.

    A file must not be able to make an administrator who only needs to ask for a new password.
    """
    known = {user.email.lower(): user for user in User.objects.all()}
    groups = roles_found()
    for said in records(inward.json(ACCOUNTS), ACCOUNTS):
        email = said.needed("email", 254).lower()
        if "@" not in email or email.split() != [email]:
            raise BadExport(gettext_noop("%(where)s: “%(email)s” is no e-mail address."), where=said.where, email=email)
        if email in known:
            continue
        user = User(
            email=email,
            is_active=False,
            is_superuser=said.flag("is_superuser"),
            date_joined=said.moment("joined_at") or User._meta.get_field("date_joined").get_default(),
        )
        user.name = said.text("name", 300)
        user.set_unusable_password()
        user.save()
        wanted: list[Group] = [groups[role] for role in said.texts("roles") if role in groups]
        user.groups.set(wanted)
        inward.count("accounts")


def read(inward: In) -> None:
    accounts = {user.email.lower(): user for user in User.objects.all()}
    for said in records(inward.json(PEOPLE), PEOPLE):
        portrait = said.number_or_none("portrait")
        if portrait is not None and portrait not in inward.known("picture"):
            inward.note(
                gettext_noop("%(where)s: the portrait of %(name)s is not in the export."),
                where=said.where,
                name=said.text("name", 150),
            )
            portrait = None
        byline = Byline(
            pk=said.number("id"),
            slug=said.needed("slug", 100),
            name=said.needed("name", 150),
            kind=said.choice("kind", Byline.Kind.values, Byline.Kind.PERSON),
            role=said.text("role", 150),
            bio=inward.rich(said.text("bio"), said.where),
            portrait_id=portrait,
            fediverse=said.text("fediverse", 150),
            website=said.link("website", 200),
            is_listed=said.flag("is_listed", True),
            account=accounts.get(said.text("account", 254).lower()),
        )
        byline.texts = [
            BylineText(
                language=text.needed("language", 20),
                name=text.text("name", 150),
                role=text.text("role", 150),
                bio=inward.rich(text.text("bio"), text.where),
                sort_order=number,
            )
            for number, text in enumerate(said.records("texts"))
        ]
        byline.save()
        inward.count("bylines")
