"""What the paper says about itself to machines, and where: only pages that exist are named (SD-06)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, override

from standfirst.fronts.memory import kept_until_written
from standfirst.fronts.models import Masthead, StandingPage

# What is free to all never grows beyond this, whatever the masthead says (RL-11, SD-04).
EXTRACT_LIMIT_CHARS = 500

# Property of NewsMediaOrganization → the standing page that answers it.
POLICIES = {
    "publishingPrinciples": "about/ethics",
    "ethicsPolicy": "about/ethics",
    "verificationFactCheckingPolicy": "about/ethics",
    "unnamedSourcesPolicy": "about/ethics",
    "noBylinesPolicy": "about/ethics",
    "correctionsPolicy": "about/corrections",
    "ownershipFundingInfo": "about/ownership",
    "missionCoveragePrioritiesPolicy": "about",
}


@kept_until_written
def standing_addresses(language: str, paths: Iterable[str]) -> dict[str, str]:
    """Which of these standing pages exist in a language: path → address. One query."""
    pages = StandingPage.objects.filter(
        path_in_language__in=set(paths), locale__language_code=language, live=True
    ).select_related("locale")
    return {page.path_in_language: page.public_address for page in pages.only("path_in_language", "locale")}


def extract_limit(masthead: Masthead) -> int:
    return min(masthead.extract_limit_chars, EXTRACT_LIMIT_CHARS)


def reuse_rule(masthead: Masthead, language: str) -> str:
    """The reuse rule in one sentence, for `rights` and the like."""
    with override(language):
        return gettext("Up to %(limit)d characters with an active link; more by written permission.") % {
            "limit": masthead.extract_limit_chars
        }
