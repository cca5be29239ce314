"""The schema.org terms we use, with the types they belong to (schema.org 30.0, SD-01), and a check against them."""

from __future__ import annotations

THING = {"name", "url", "description", "image", "mainEntityOfPage", "alternateName", "sameAs", "identifier"}
CREATIVE_WORK = THING | {
    "headline", "inLanguage", "datePublished", "dateModified", "version", "author", "publisher", "genre", "keywords",
    "isBasedOn", "citation", "isAccessibleForFree", "license", "usageInfo", "acquireLicensePage", "copyrightHolder",
    "copyrightYear", "copyrightNotice", "creditText", "creator", "correction", "archivedAt", "funder",
}  # fmt: skip
ORGANIZATION = THING | {
    "legalName", "foundingDate", "address", "logo", "ethicsPolicy", "publishingPrinciples", "correctionsPolicy",
    "unnamedSourcesPolicy", "ownershipFundingInfo", "actionableFeedbackPolicy", "diversityPolicy", "funder",
}  # fmt: skip
TERMS = {
    "NewsArticle": CREATIVE_WORK | {"articleSection", "backstory", "dateline"},
    "CreativeWork": CREATIVE_WORK,
    "ImageObject": CREATIVE_WORK | {"contentUrl", "width", "height", "caption", "digitalSourceType"},
    "Person": THING | {"jobTitle"},
    "Organization": ORGANIZATION,
    "NewsMediaOrganization": ORGANIZATION
    | {"verificationFactCheckingPolicy", "noBylinesPolicy", "missionCoveragePrioritiesPolicy", "masthead"},
    "WebSite": CREATIVE_WORK,
}


def unknown_terms(data) -> list[str]:
    """Every type or property in the data that schema.org does not have there, and every empty value."""
    wrong = []
    if isinstance(data, list):
        return [found for item in data for found in unknown_terms(item)]
    if not isinstance(data, dict):
        return []
    kind = data.get("@type")
    if kind is not None and kind not in TERMS:
        return [f"type {kind}"]
    for key, value in data.items():
        if value in ("", None, [], {}):
            wrong.append(f"empty {kind}.{key}")
        if not key.startswith("@") and key not in TERMS.get(kind, set()):
            wrong.append(f"{kind}.{key}")
        wrong += unknown_terms(value)
    return wrong
