"""What the stories room takes out of a newsroom, and how it is read back: pictures, files, lists, stories, versions."""

from __future__ import annotations

from standfirst.kit.exports import Part, part


def register() -> None:
    from standfirst.stories.export import back, drafts, media, record, story, taxonomy

    part(Part("media", 10, media.write, media.read, media.things, media.before, holds=media.holds))
    part(Part("lists", 20, taxonomy.write, taxonomy.read, holds=taxonomy.holds))
    part(Part("stories", 40, story.write, back.read, story.things, shows=story.shows, holds=story.holds))
    part(Part("drafts", 50, drafts.write, drafts.read, drafts.things))
    part(Part("related", 55, lambda out: None, back.related_settle))
    # Last of all: what every room has put on record is there to be compared.
    part(Part("record", 90, record.write, record.read))
