"""What the fronts take out of a newsroom, and how it is read back: home pages, standing pages, masthead, redirects."""

from __future__ import annotations

from standfirst.kit.exports import Part, part


def register() -> None:
    from standfirst.fronts.export import arrangement, redirects, standing

    part(Part("homes", 30, arrangement.write, arrangement.read_homes, holds=arrangement.holds))
    part(Part("standing pages", 60, standing.write, standing.read, shows=standing.shows, holds=standing.holds))
    part(Part("arrangement", 70, lambda out: None, arrangement.read_rest, shows=arrangement.shows))
    part(Part("redirects", 80, redirects.write, redirects.read, redirects.things, holds=redirects.holds))
