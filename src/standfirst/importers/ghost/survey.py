"""The first reading of an export: is it whole, and what must be known before the first story is written?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from standfirst.importers.ghost.rows import Row

# Tables that hold how the site is run, not what stands on it.
_SILENT = frozenset(
    {
        *("roles", "roles_users", "permissions", "permissions_users", "permissions_roles", "permissions_apps"),
        *("migrations", "migrations_lock", "custom_theme_settings", "apps", "app_settings", "app_fields", "clients"),
        *("client_trusted_domains", "accesstokens", "refreshtokens", "sessions", "brute", "invites", "api_keys"),
        *("actions", "jobs", "tokens", "temp_member_analytic_events", "mobiledoc_revisions", "post_revisions"),
        *("benefits", "products", "products_benefits", "posts_products", "stripe_products", "stripe_prices"),
        *("members_stripe_customers", "members_stripe_customers_subscriptions", "members_labels", "members_products"),
        *("labels", "members_newsletters", "webhooks", "integrations", "members_subscribe_events"),
    }
)
_META = (
    *("meta_title", "meta_description", "feature_image_alt", "feature_image_caption", "email_only", "email_subject"),
    *("og_title", "og_description", "og_image", "twitter_title", "twitter_description", "twitter_image", "frontmatter"),
)
_IN_MENU = re.compile(r"/tag/([^/\"\\?#\s]+)")
# A paper has sections by the dozen; where more tags than this stand first, most of them are subjects.
MAX_SECTIONS = 24
_ABOUT_USERS = ("bio", "website", "location", "profile_image", "cover_image", "meta_title", "meta_description")
_ABOUT_TAGS = ("description", "feature_image", "meta_title", "meta_description", "codeinjection_head")


@dataclass(frozen=True, slots=True)
class OldTag:
    key: str
    name: str
    slug: str
    is_internal: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class OldUser:
    key: str
    name: str
    slug: str


@dataclass
class Survey:
    """What the whole file holds besides its texts. The lists of tags and authors are in their order."""

    posts: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    tags: dict[str, OldTag] = field(default_factory=dict)
    users: dict[str, OldUser] = field(default_factory=dict)
    tags_of: dict[str, list[str]] = field(default_factory=dict)
    authors_of: dict[str, list[str]] = field(default_factory=dict)
    meta_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    first_tags: int = 0
    described: Counter[str] = field(default_factory=Counter)
    # Tags of which more is said than their names, and whether that is more than a description.
    described_tags: dict[str, bool] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    labels_of: dict[str, list[str]] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    tiers_of: dict[str, list[str]] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)

    def public_tags(self, post: str) -> list[OldTag]:
        """The tags readers saw on a text, the primary one first."""
        found = [self.tags[key] for key in self.tags_of.get(post, []) if key in self.tags]
        return [tag for tag in found if not tag.is_internal]

    def settle_sections(self) -> None:
        """Which tags are sections: those that stand first on a text; of very many only the largest, and the menu's."""
        firsts = Counter(tags[0].key for post in self.tags_of if (tags := self.public_tags(post)))
        self.first_tags = len(firsts)
        if len(firsts) <= MAX_SECTIONS:
            self.sections = set(firsts)
            return
        menu = "".join(self.settings.get(name, "") for name in ("navigation", "secondary_navigation"))
        slugs = set(_IN_MENU.findall(menu))
        self.sections = {key for key in firsts if self.tags[key].slug in slugs}
        for key, _count in firsts.most_common():
            if len(self.sections) >= MAX_SECTIONS:
                break
            self.sections.add(key)

    def section_of(self, post: str) -> OldTag | None:
        """The first tag of a text that is a section."""
        return next((tag for tag in self.public_tags(post) if tag.key in self.sections), None)

    def internal_sizes(self) -> Counter[OldTag]:
        """How many texts carry each tag that readers never saw."""
        return Counter(tag for post in self.tags_of for tag in self.internal_tags(post))

    def internal_tags(self, post: str) -> list[OldTag]:
        return [self.tags[key] for key in self.tags_of.get(post, []) if key in self.tags and self.tags[key].is_internal]


def survey(rows: Iterable[Row]) -> Survey:
    """Read the whole file once, changing nothing. Raises ImportRefused for a file that cannot be read to its end."""
    found = Survey()
    seen: set[str] = set()
    order: dict[str, dict[str, list[tuple[float, str]]]] = {"tags": {}, "authors": {}}
    for row in rows:
        values, table = row.values, row.table
        if table == "posts":
            found.posts += 1
            key = key_of(values)
            found.twice |= {key} & seen
            seen.add(key)
        elif table == "settings":
            found.settings[str(values.get("key"))] = _setting(values.get("value"))
        elif table == "tags":
            _add_tag(found, values)
        elif table == "users":
            key = str(values.get("id"))
            name = words(values.get("name")) or words(values.get("slug"))
            found.users[key] = OldUser(key, name, words(values.get("slug")))
            found.described["users"] += any(words(values.get(column)) for column in _ABOUT_USERS)
        elif table == "posts_tags":
            _in_order(order["tags"], values, "tag_id")
        elif table == "posts_authors":
            _in_order(order["authors"], values, "author_id")
        elif table == "posts_meta":
            found.meta_of[str(values.get("post_id"))] = {key: values[key] for key in _META if values.get(key)}
        else:
            _beside(found, row)
    found.tags_of = _sorted(order["tags"])
    found.authors_of = _sorted(order["authors"])
    found.settle_sections()
    # A section keeps its description.
    found.described["tags"] = sum(more or key not in found.sections for key, more in found.described_tags.items())
    return found


def key_of(values: dict[str, Any]) -> str:
    """What a row is known by: its id, else its uuid or slug."""
    return next((str(values[name]) for name in ("id", "uuid", "slug") if values.get(name)), "")


def words(value: Any) -> str:
    """A column that should be text; "" where it is anything else."""
    return value.strip() if isinstance(value, str) else ""


def _setting(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value) if value is not None else ""


def _add_tag(found: Survey, values: dict[str, Any]) -> None:
    key = str(values.get("id"))
    slug = words(values.get("slug"))
    name = words(values.get("name")) or slug
    is_internal = values.get("visibility") == "internal" or name.startswith("#")
    found.tags[key] = OldTag(key, name, slug, is_internal, words(values.get("description")))
    if any(words(values.get(column)) for column in _ABOUT_TAGS):
        found.described_tags[key] = any(words(values.get(column)) for column in _ABOUT_TAGS[1:])


def _in_order(lists: dict[str, list[tuple[float, str]]], values: dict[str, Any], other: str) -> None:
    place = values.get("sort_order")
    lists.setdefault(str(values.get("post_id")), []).append(
        (place if isinstance(place, int | float) else 0, str(values.get(other)))
    )


def _sorted(lists: dict[str, list[tuple[float, str]]]) -> dict[str, list[str]]:
    return {post: [key for _place, key in sorted(keys, key=lambda pair: pair[0])] for post, keys in lists.items()}


def _beside(found: Survey, row: Row) -> None:
    values = row.values
    if row.table == "labels":
        found.labels[str(values.get("id"))] = words(values.get("name"))
    elif row.table == "members_labels":
        found.labels_of.setdefault(str(values.get("member_id")), []).append(str(values.get("label_id")))
    elif row.table == "products":
        found.tiers[str(values.get("id"))] = words(values.get("name"))
    elif row.table == "members_products":
        found.tiers_of.setdefault(str(values.get("member_id")), []).append(str(values.get("product_id")))
    elif row.table not in _SILENT:
        found.others[row.table] += 1
