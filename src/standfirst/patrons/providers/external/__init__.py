"""Pages elsewhere (Patreon, Buy Me a Coffee, Ko-fi …): a link leads there, and their lists tell who gives there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from standfirst.patrons.providers.base import Checkout, Provider

#: Source of a list → part of the addresses of its pages.
HOSTS = {"patreon": "patreon.com", "buymeacoffee": "buymeacoffee.com", "kofi": "ko-fi.com"}


class External(Provider):
    """Nothing can be chosen, changed or stopped from here; what can be done is done on the page elsewhere."""

    name = "external"
    capabilities = frozenset({"portal"})

    @property
    def label(self) -> Any:
        return _("The page elsewhere")

    def is_ready(self) -> bool:
        from standfirst.patrons.models import ExternalPage

        return ExternalPage.objects.exists()

    def start_checkout(self, pledge: Any, *, back: str, hook: str) -> Checkout:
        return Checkout(self.portal_url(pledge, back=back) or back)

    def portal_url(self, pledge: Any, *, back: str) -> str:
        page = page_of(pledge)
        return str(page.address) if page else ""


def page_of(pledge: Any) -> Any:
    """The page elsewhere on which this pledge is paid, as the desk entered it; None where it did not."""
    from standfirst.patrons.models import ExternalPage

    host = HOSTS.get(pledge.origin)
    if host is None:
        return None
    for page in ExternalPage.objects.all():
        if ("." + (urlsplit(page.address).hostname or "")).endswith("." + host):
            return page
    return None
