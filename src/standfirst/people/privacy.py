"""What this room keeps about people: colleagues' accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.people.models import User


def register() -> None:
    keeping.register(
        Holding(
            key="people.accounts",
            what=_("Accounts of colleagues at the desk: e-mail address, name, roles, second factors, acts at the desk"),
            why=_("So that colleagues can work, and every act at the desk has somebody who did it."),
            how_long=_(
                "As long as somebody works here, and afterwards as long as what she did is part of the paper's record."
            ),
            basis=keeping.LEGITIMATE_INTEREST,
            given=accounts_given,
            erase=accounts_erase,
        )
    )


def accounts_given(email: str) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = [
        {
            "email": user.email,
            "name": user.name,
            "roles": sorted(user.groups.values_list("name", flat=True)),
            "is_active": user.is_active,
            "date_joined": user.date_joined,
            "last_login": user.last_login,
            "second_factors": list(
                Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
            ),
            "bylines": [byline.name for byline in user.bylines.all()],
        }
        for user in User.objects.filter(email__iexact=email)
    ]
    others = EmailAddress.objects.filter(email__iexact=email).select_related("user")
    given += [
        {"email": other.email, "is_primary": other.primary, "is_verified": other.verified, "account": other.user.email}
        for other in others
    ]
    return given


def accounts_erase(email: str) -> Erased:
    """Nothing: who publishes answers for it. An administrator switches off or deletes an account of the desk."""
    if not User.objects.filter(email__iexact=email).exists():
        return Erased(EmailAddress.objects.filter(email__iexact=email).delete()[0])
    return Erased(0, kept=_("This address is a colleague's at the desk; an administrator there sees to that account."))
