"""Whether a text was for some readers only, as the usual plugins mark it. In doubt it is held: an editor opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.importers.wordpress.php import php_dict
from standfirst.importers.wordpress.records import Item

_YES = frozenset({"1", "yes", "true", "on", "y", "enabled", "enable", "active"})
_MARKED = re.compile(
    r"members?[_-]?only|(?:^|[_-])paywall|premium[_-]?(?:content|post|article|only)?$|subscribers?[_-]only|paid[_-]only"
    r"|(?:^|_)is[_-]paid|is[_-]restricted|restricted[_-]content|registered[_-]only|content[_-]gate|(?:^|_)locked$|lock[_-]content$",
    re.IGNORECASE,
)
# A custom field, and the values that mean that everybody might read.
_OPEN = {
    "rcp_user_level": ("all", "0", ""),
    "rcp_access_level": ("none", "0", ""),
    "_members_access_role": ("",),
    "_jetpack_newsletter_access": ("everybody", ""),
    "_wpmem_block": ("0", ""),
    "ihc_mb_who": ("", "all", "unreg"),
    "_wc_memberships_force_restricted": ("no", ""),
    "passster_password": ("",),
    "_memberful_acl": ("", "a:0:{}"),
    "memberful_acl": ("", "a:0:{}"),
    "_um_accessible": ("", "0", "1"),
    "wlm_protection": ("", "n"),
    "_ppw_global_passwords": ("",),
    "visibility_restricted_to": ("",),
}
# Kinds of entries that say: there were rules, and they are kept where no export reaches.
RULES_ELSEWHERE = {
    "wc_membership_plan": "WooCommerce Memberships",
    "memberpressproduct": "MemberPress",
    "np_memberships_gate": "Newspack",
    "np_content_gate": "Newspack",
    "rcp_membership": "Restrict Content",
    "leaky_paywall": "Leaky Paywall",
    "pmpro_membership_level": "Paid Memberships Pro",
    "userrole": "User Access",
}


@dataclass
class Rules:
    """The rules of MemberPress, which stand in the export as entries of their own."""

    all_of: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        if item.status != "publish":
            return
        kind, content = item.meta.get("_mepr_rules_type", ""), item.meta.get("_mepr_rules_content", "").strip()
        if kind in ("all", "all_post", "all_page"):
            self.all_of |= {"post", "page"} if kind == "all" else {kind.removeprefix("all_")}
        elif kind.startswith("single_"):
            self.numbers.add(content)
        elif kind in ("category", "tag") or kind.startswith("all_tax_"):
            self.terms.add(content)

    def reach(self, item: Item, terms: set[str]) -> bool:
        return item.kind in self.all_of or str(item.foreign_id) in self.numbers or bool(self.terms & terms)


def held_because(item: Item, members: list[str], rules: Rules, terms: set[str]) -> str:
    """Why an item must not be public; "" when it was public there. What is not plainly public is held.

    members: the blocks and shortcodes of its text that hid a part of it. terms: numbers and slugs of its categories
    and tags.
    """
    if item.has_password:
        return _("It was behind a password in the old system.")
    if item.status == "private":
        return _("It was private in the old system.")
    if item.status == "future":
        return _("It was scheduled for %(when)s in the old system; set the time anew.") % {"when": _moment(item)}
    if item.status == "draft":
        return _("It was a draft in the old system.")
    if item.status == "pending":
        return _("It was waiting for review in the old system.")
    if item.status != "publish":
        return _("It had the status “%(status)s” in the old system.") % {"status": item.status}
    if rules.reach(item, terms):
        return _("It was for members only in the old system (%(what)s).") % {"what": "MemberPress"}
    return kept_from_strangers(item, members)


def _moment(item: Item) -> str:
    local = timezone.localtime(item.published) if item.published else item.published_local
    return f"{local:%Y-%m-%d %H:%M}" if local else _("an unknown time")


def kept_from_strangers(item: Item, members: list[str]) -> str:
    """Why it must not be public here, one sentence; "" when everybody could read it there.

    members: the blocks and shortcodes of its text that hid a part of it.
    """
    if members:
        return _("A part of it was for members only in the old system (%(what)s).") % {"what": ", ".join(members[:3])}
    for key, value in item.meta.items():
        if _restricts(key, value.strip()):
            return _("It was marked as for members only in the old system (%(what)s).") % {"what": key[:60]}
    return ""


def _restricts(key: str, value: str) -> bool:
    if key in _OPEN:
        return value.lower() not in _OPEN[key] and value not in ("a:0:{}", "[]")
    if key == "rcp_subscription_level":
        return value.lower() not in ("", "all", "0", "a:0:{}")
    if key == "um_content_restriction":
        rules = php_dict(value)
        return str(rules.get("_um_custom_access_settings")) in ("1", "True") and str(rules.get("_um_accessible")) == "2"
    if key == "_issuem_leaky_paywall_visibility":
        return str(php_dict(value).get("visibility_type", "default")) not in ("default", "public")
    return _MARKED.search(key) is not None and value.lower() in _YES
