"""What the paper says about itself to machines, and where: only pages that exist are named (SD-06)."""

from __future__ import annotations

from django.utils.translation import gettext, override

from standfirst.fronts.models import Masthead, StandingPage
from standfirst.press.kept import kept_until_refreshed
from standfirst.press.shown import FRAME, shown_under
from standfirst.stories.addresses import language_prefix

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


@shown_under(FRAME)
@kept_until_refreshed
def standing_addresses(language: str) -> dict[str, str]:
    """The standing pages of a language: path → address."""
    pages = StandingPage.objects.filter(locale__language_code=language, live=True)
    prefix = language_prefix(language)
    return {path: f"{prefix}{path}/" for path in pages.values_list("path_in_language", flat=True)}


def extract_limit(masthead: Masthead) -> int:
    return min(masthead.extract_limit_chars, EXTRACT_LIMIT_CHARS)


def reuse_rule(masthead: Masthead, language: str) -> str:
    """The reuse rule in one sentence, for `rights` and the like."""
    with override(language):
        return gettext("Up to %(limit)d characters with an active link; more by written permission.") % {
            "limit": masthead.extract_limit_chars
        }
