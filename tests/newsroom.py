"""A small newsroom with people, sections and, above all, other stories: noise, so that a forgotten filter fails."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from standfirst.fronts.models import HomePage
from standfirst.fronts.services import paper_found
from standfirst.people.models import Byline, User
from standfirst.people.services import account_add, byline_add
from standfirst.stories.models import NewsImage, Section, StoryKind, StoryPage
from standfirst.stories.services import section_add, story_draft, story_publish

PARAGRAPH = "<p>The bridge was closed on Monday after two of nine bearings failed an inspection.</p>"


@dataclass
class TestNewsroom:
    """What a test finds when it enters; make more with `draft`, `publish` and `picture`."""

    __test__ = False

    homes: dict[str, HomePage]
    editor: User
    reporter: User
    byline: Byline
    world: Section
    city: Section
    news: StoryKind
    opinion: StoryKind
    noise: list[StoryPage] = field(default_factory=list)

    def draft(self, headline: str = "A bridge is closed", **fields: Any) -> StoryPage:
        fields = {"language": "en", "section": self.city, "kind": self.news, "bylines": [self.byline]} | fields
        fields.setdefault("body", [{"type": "text", "value": PARAGRAPH}])
        fields.setdefault("author", self.reporter)
        return story_draft(headline=headline, **fields)

    def publish(self, headline: str = "A bridge is closed", **fields: Any) -> StoryPage:
        story = self.draft(headline, **fields)
        story_publish(story=story, editor=self.editor)
        story.refresh_from_db()
        return story

    def picture(self, title: str = "The bridge at noon", **fields: Any) -> NewsImage:
        fields = {"credit": "Olena Marchuk / The Lantern"} | fields
        return NewsImage.objects.create(title=title, file=picture_file(), **fields)


def picture_file(width: int = 640, height: int = 360, colour: str = "#567", name: str = "p.jpg") -> ImageFile:
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "JPEG", quality=60)
    data.seek(0)
    return ImageFile(data, name=name)


def found() -> TestNewsroom:
    """Found the paper and fill it with noise, through the rooms' own services."""
    paper_found(name="The Lantern", languages=["en", "uk"])
    account_add(email="editor@paper.example", name="Iryna Savchuk", role="editor")
    reporter, _secret = account_add(email="reporter@paper.example", name="Taras Melnyk", role="reporter")
    byline_add(name="Taras Melnyk", account=reporter, texts={"uk": {"name": "Тарас Мельник"}})
    section_add(title="World", slug="world", texts={"uk": {"title": "Світ"}})
    section_add(title="City", slug="city", texts={"uk": {"title": "Місто"}})
    room = entered()
    other = byline_add(name="Hanna Petrenko")
    day = dt.datetime(2026, 10, 5, 9, 0, tzinfo=dt.UTC)
    room.publish("Parliament adjourns early", section=room.world, bylines=[other], first_published_at=day)
    room.publish("Парламент розійшовся", language="uk", section=room.world, first_published_at=day)
    room.publish("Library hours change", section=room.city, bylines=[other], first_published_at=day)
    room.draft("A draft nobody may see", section=room.city)
    return entered()


def entered() -> TestNewsroom:
    """The newsroom that stands in the database already."""
    return TestNewsroom(
        homes={home.locale.language_code: home for home in HomePage.objects.select_related("locale")},
        editor=User.objects.get(email="editor@paper.example"),
        reporter=User.objects.get(email="reporter@paper.example"),
        byline=Byline.objects.get(slug="taras-melnyk"),
        world=Section.objects.get(slug="world"),
        city=Section.objects.get(slug="city"),
        news=StoryKind.objects.get(slug="news"),
        opinion=StoryKind.objects.get(slug="opinion"),
        noise=list(StoryPage.objects.order_by("pk")),
    )
