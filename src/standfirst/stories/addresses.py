"""Public addresses of pages: stored, frozen, and independent of where a page lies in Wagtail's tree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from wagtail.models import Site


def language_prefix(language: str) -> str:
    """ "/" for the newsroom's first language, "/uk/" and the like for every other."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


class PublicAddress:
    """A Wagtail page whose public address is its own `public_address`, not its place in the tree."""

    # Nothing is ever locked (decision 4): Wagtail's "privacy" is switched off.
    private_page_options: list[str] = []

    @property
    def public_address(self) -> str | None:
        """Path from the root, such as /uk/2026/11/03/slug/; None while the page has no public address."""
        raise NotImplementedError

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        address = self.public_address
        roots = Site.get_site_root_paths()
        if not address or not roots:
            return None
        return roots[0].site_id, settings.NEWSROOM.base_url or roots[0].root_url, address
