"""Links to a place on a page of ours: `<a linktype="page" id="3" href="#part-2">`, kept through the editor."""

from __future__ import annotations

from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler


class _PlacedPageLink(PageLinkElementHandler):
    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        data: dict[str, Any] = super().get_attribute_data(attrs)
        place = attrs.get("href", "")
        return {**data, "place": place} if place.startswith("#") else data


class _AnyLink(_PlacedPageLink):
    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        if attrs.get("linktype") == "page" and attrs.get("id", "").isdigit():
            return super().get_attribute_data(attrs)
        data: dict[str, Any] = ExternalLinkElementHandler.get_attribute_data(self, attrs)
        return data


def _link(props: dict[str, Any]) -> Any:
    place = props.get("place")
    if props.get("id") is None or not isinstance(place, str) or not place.startswith("#"):
        return link_entity(props)
    return DOM.create_element("a", {"linktype": "page", "id": props["id"], "href": place}, props["children"])


PLACED_LINKS = {
    "from_database_format": {
        # A placed link has an href too, and this rule is the one that is asked for it.
        "a[href]": _AnyLink("LINK"),
        'a[linktype="page"]': _PlacedPageLink("LINK"),
    },
    "to_database_format": {"entity_decorators": {"LINK": _link}},
}
