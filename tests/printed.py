"""A small paper in two languages, with noise: other stories, drafts, a withdrawn one."""

import datetime as dt
import io
from dataclasses import dataclass

import pytest
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from wagtail.images.models import Filter

from standfirst.fronts.models import Masthead
from standfirst.fronts.services import paper_found
from standfirst.people.services import account_add, byline_add
from standfirst.stories.models import NewsImage, Section, StoryPage
from standfirst.stories.services import section_add, story_draft, story_publish
from standfirst.wire import crops
from tests.later import WAITING

SLY = "</script><script>alert(1)</script><!-- & \u2028 \u0007"


def drawn(size):
    data = io.BytesIO()
    Image.new("RGB", size, "#456").save(data, "JPEG", quality=60)
    data.seek(0)
    return data


def picture(title="Bridge", size=(1600, 1200), **fields):
    """A picture with the crops that publication makes, none of them blown up."""
    image = NewsImage.objects.create(
        title=title,
        file=ImageFile(drawn(size), name=f"{title}.jpg"),
        **({"credit": "Olena Marchuk / The Lantern"} | fields),
    )
    for spec, width, height in (
        (crops.SHARE, 1200, 630),
        *((spec, 1200, height) for spec, height in zip(crops.RATIOS, (675, 900, 1200), strict=True)),
        ("width-1200|format-jpeg", 1200, 900),
        ("width-1200|format-avif", 1200, 900),
    ):
        scale = min(1, size[0] / width, size[1] / height)
        made = drawn((int(width * scale), int(height * scale)))
        image.renditions.create(
            filter_spec=spec,
            focal_point_key=Filter(spec=spec).get_cache_key(image) if spec.startswith("fill") else "",
            file=ImageFile(made, name="rendition.jpg"),
        )
    return image


@dataclass
class Paper:
    world: Section
    courts: Section
    story: StoryPage
    other: StoryPage
    ukrainian: StoryPage
    draft: StoryPage
    image: NewsImage

    def publish(self, headline, *, language="en", section=None, **fields):
        story = story_draft(language=language, headline=headline, section=section or self.world, **fields)
        story_publish(story=story)
        story.refresh_from_db()
        return story


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """Built once for a module, in a transaction round all of its tests, each of which is rolled back alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        paper = print_paper()
        WAITING.catch_up()
        yield paper
        transaction.set_rollback(True)


@pytest.fixture
def paper(printed, db):
    return Paper(*(type(one).objects.get(pk=one.pk) for one in vars(printed).values()))


def print_paper():
    paper_found(name="The Lantern", languages=["en", "uk"], base_url="http://testserver")
    masthead = Masthead.objects.get()
    masthead.contact_email = "desk@lantern.example"
    masthead.save()
    account, _secret = account_add(email="o.private@example.org", name="Private Person", role="editor")
    olena = byline_add(
        name="Olena Marchuk",
        role="reporter",
        account=account,
        texts={"uk": {"name": "Олена Марчук", "role": "репортерка"}},
    )
    olena.fediverse = "@olena@example.social"
    olena.save()
    desk = byline_add(name="The Lantern desk", kind="desk")
    world = section_add(title="World", texts={"uk": {"title": "Світ"}})
    courts = section_add(title="Courts", texts={"uk": {"title": "Суди"}})
    image = picture()
    when = timezone.now() - dt.timedelta(hours=3)
    story = story_draft(
        language="en",
        headline="Bridge reopens after a year of repairs",
        standfirst="Trams run again from Monday.",
        section=world,
        bylines=[olena, desk],
        dateline="KYIV",
        lead_image=image,
        lead_alt="A bridge at dusk",
        lead_caption="The bridge on Sunday.",
        body=[
            {"type": "text", "value": '<p>Hello <b>world</b>, see <a href="/privacy/">this</a>.</p><h2>Sub</h2>'},
            {"type": "picture", "value": {"image": picture("Crane").pk, "alt": "A crane", "decorative": False,
                                          "caption": "A crane.", "credit": ""}},
            {"type": "fact_box", "value": {"heading": "In short", "text": "<p>Three spans.</p>"}},
            {"type": "embed", "value": {"url": "https://youtu.be/abc", "title": "Video of the bridge", "caption": ""}},
            {"type": "unknowns", "value": {"heading": "", "items": ["Who paid?"]}},
        ],
        methods="<p>We walked over it twice.</p>",
        tags=["Bridges", "Кава"],
        based_on=[("Agency", "https://agency.example/1")],
        sources=[{"title": "Report", "publisher": "City", "url": "https://city.example/r", "published_on": "2026-11"}],
        first_published_at=when,
    )  # fmt: skip
    story_publish(story=story)
    ukrainian = story_draft(
        language="uk",
        headline="Міст відкрили за рік ремонту",
        section=world,
        bylines=[olena],
        body=[{"type": "text", "value": "<p>Привіт.</p>"}],
        translation_of=story,
        tags=["Кава"],
        first_published_at=when,
    )
    story_publish(story=ukrainian)
    other = story_draft(
        language="en",
        headline="Court hears the first witness",
        section=courts,
        body=[{"type": "text", "value": "<p>The court sat for an hour.</p>"}],
        first_published_at=when - dt.timedelta(days=40),
    )
    story_publish(story=other)
    draft = story_draft(language="en", headline="A secret draft", section=world, tags=["Bridges"])
    for one in (story, ukrainian, other):
        one.refresh_from_db()
    return Paper(world, courts, story, other, ukrainian, draft, image)
