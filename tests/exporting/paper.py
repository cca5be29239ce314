"""One of everything a newsroom can hold, and how to empty it again."""

import datetime as dt
import io
import json
import shutil

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import HomeBand, HomeSecond, Masthead, MastheadLink, StandingPage
from standfirst.fronts.services import paper_found
from standfirst.mailroom.models import Mailing
from standfirst.mailroom.services import (
    address_suppress,
    letter_draft,
    letter_queue,
    letter_stop,
    subscribe,
    unsubscribe,
)
from standfirst.readers.services import reader_found
from standfirst.stories import guards
from standfirst.stories.models import NewsDocument, NewsImage
from standfirst.stories.services import story_publish, story_withdraw
from standfirst.stories.tasks import picture_prepared
from tests.newsroom import PARAGRAPH
from tests.stories.camera import drawn, exif

DAY = dt.datetime(2026, 10, 7, 9, 30, tzinfo=dt.UTC)
GALLERY = {"heading": "The bridge in four seasons", "pictures": []}
TABLE = {
    "caption": "Who crosses the bridge",
    "first_column_is_header": True,
    "note": "Count by the city",
    "table": {
        "columns": [{"type": "text", "heading": "Means"}, {"type": "number", "heading": "Crossings"}],
        "rows": [{"values": ["On foot", "9,300"]}, {"values": ["By <b>tram</b> & bus", "17,800"]}],
        "caption": "",
    },
}


def photograph(name="bridge.jpg"):
    """With the place and the serial number that a camera writes."""
    data = io.BytesIO()
    drawn((640, 480)).save(data, "JPEG", exif=exif(orientation=6))
    data.seek(0)
    return ImageFile(data, name=name)


def filled(room):
    """The newsroom of the test with a story that has everything in it, and what stands around it."""
    room.photo = NewsImage.objects.create(
        title="The bridge", file=photograph(), credit="Olena Marchuk / The Lantern", licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/", taken_place="Staroluh", description="A bridge",
    )  # fmt: skip
    room.photo.focal_point_x, room.photo.focal_point_y = 100, 120
    room.photo.focal_point_width = room.photo.focal_point_height = 80
    room.photo.save()
    room.chart = room.picture("A chart", source_kind="illustration", may_be_passed_on=True)
    room.secret_photo = room.picture("Not out yet: the witness", credit="Witness programme")
    for picture in (room.photo, room.chart, room.secret_photo):
        picture_prepared.enqueue(picture.pk)  # as uploading does
    room.ruling = NewsDocument.objects.create(
        title="The ruling", source="District court", file=ContentFile(b"%PDF-1.4 words", name="рішення суду.pdf")
    )
    room.byline.portrait = room.chart
    room.byline.bio = '<p>Writes about <a href="https://example.org/">bridges</a>.</p>'
    room.byline.save()
    room.other = room.publish("The ferry comes back", first_published_at=DAY - dt.timedelta(days=3))
    body = [
        {"type": "text", "value": f'{PARAGRAPH}<p>See <a linktype="page" id="{room.other.pk}">the ferry</a>, '
         f'<a linktype="document" id="{room.ruling.pk}">the ruling</a> &amp; <a href="/world/">the world</a>.</p>'},
        {"type": "picture", "value": {"image": room.chart.pk, "alt": "A chart", "decorative": False,
                                      "caption": "How it moved", "credit": ""}},
        {"type": "gallery", "value": GALLERY | {"pictures": [
            {"image": room.photo.pk, "alt": "Noon", "decorative": False, "caption": "", "credit": "By a reader"},
            {"image": room.chart.pk, "alt": "", "decorative": True, "caption": "", "credit": ""}]}},
        {"type": "table", "value": TABLE},
        {"type": "fact_box", "value": {"heading": "What to know", "text": "<ul><li>Nine bearings</li></ul>"}},
        {"type": "embed", "value": {"url": "https://www.youtube.com/watch?v=abc", "title": "A film", "caption": ""}},
        {"type": "file", "value": {"document": room.ruling.pk, "label": "Read it"}},
        {"type": "update_note", "value": {"at": DAY, "text": "<p>The city has answered.</p>"}},
        {"type": "unknowns", "value": {"heading": "", "items": ["Who decided?", "Since when?"]}},
    ]  # fmt: skip
    room.story = room.publish(
        "Closed for “eleven” months & more", kicker="The bridge", standfirst="It moved.", dateline="STAROLUH",
        first_published_at=DAY, based_on=[("Yasenka Wire", "https://example.org/wire")], lead_image=room.photo,
        lead_alt="A bridge over a river", lead_caption="At noon", methods="<p>We read <b>the report</b>.</p>",
        sources=[{"title": "Report 14/2", "publisher": "Polytechnic", "url": "https://example.org/r"}],
        tags=["The river", "Bridges"], related=[room.other], body=body,
    )  # fmt: skip
    room.twin = room.publish("Зачинено", language="uk", first_published_at=DAY, translation_of=room.story)
    # Changed since it came out: a second public version.
    again = room.story.get_latest_revision_as_object()
    again.standfirst = "It moved by eleven millimetres."
    again.save_revision(user=room.editor)
    story_publish(story=room.story, editor=room.editor, label="update")
    room.story.refresh_from_db()
    # Changes that are not out.
    working = room.other.get_latest_revision_as_object()
    working.title = "The ferry comes back, and stays: not out yet"
    working.save_revision(user=room.reporter)
    room.withdrawn = room.publish("A name that had to go", first_published_at=DAY, tags=["Confidential matter"])
    story_withdraw(story=room.withdrawn, editor=room.editor)
    room.withdrawn.refresh_from_db()
    room.secret = room.draft("What the mayor does not know yet", lead_image=room.secret_photo, tags=["Operation Heron"])
    room.scheduled = room.draft("Out tomorrow at seven")
    room.scheduled.go_live_at = timezone.now().replace(microsecond=0) + dt.timedelta(days=1)
    room.scheduled.save_revision(user=room.editor).publish(user=room.editor)
    Redirect.objects.create(old_path="/2019/05/old-words", redirect_page=room.story.page_ptr)
    Redirect.objects.create(old_path="/?p=12", redirect_link="/world/", is_permanent=False)
    Redirect.objects.create(old_path="/old-secret", redirect_page=room.secret.page_ptr)
    _front(room)
    return room


def _mail(room):
    mailing = Mailing.objects.get(key="daily")
    mailing.is_open, mailing.names, mailing.descriptions = True, {"en": "The Lantern today"}, {"en": "Every morning."}
    mailing.save()
    for basis in ("import: the old paper's list of 2025", "consent"):
        subscribe(
            email=f"{basis[:2]}@readers.example", mailing=mailing, language="en", page="/newsletters/",
            wording="Yes, please.", basis=basis,
        )  # fmt: skip
    leaver = subscribe(
        email="leaver@readers.example", mailing=mailing, language="uk", page="", wording="", basis="import: 2025"
    )
    unsubscribe(subscription=leaver)
    address_suppress(email="gone@readers.example", reason="bounced", said="550 5.1.1 unknown")
    letter = letter_queue(
        mailing=mailing, subject="The bridge", preheader="And more", text="Words.", html="<p>Words.</p>",
        language="en", made_by=room.editor, carries=[f"story:{room.story.pk}"], slot="daily:en:2026-11-23",
    )  # fmt: skip
    letter_stop(letter=letter)
    letter_draft(mailing=mailing, subject="We were wrong", language="en", corrects=letter, source={"intro": "Sorry."})


def _front(room):
    _mail(room)
    reader_found(email="petro.hnatiuk@readers.example", name="Petro Hnatiuk", language="uk")
    masthead = Masthead.objects.get()
    masthead.accent, masthead.logo = "#7a1f1f", room.chart
    masthead.links = [MastheadLink(place="footer", label="Archive of the old paper", address="https://example.org/old")]
    masthead.save()
    home = room.homes["en"]
    home.lead, home.seconds = room.story, [HomeSecond(story=room.other, sort_order=0)]
    home.bands = [HomeBand(section=room.city, count=3, sort_order=0)]
    home.save_revision().publish()
    page = StandingPage.objects.get(locale__language_code="en", path_in_language="about/ethics")
    page.body = f'<p data-block-key="abcde">We correct. <a linktype="page" id="{room.story.pk}">Like here</a>.</p>'
    use = {"image": room.chart.pk, "alt": "A chart", "decorative": False, "caption": "How we count", "credit": ""}
    below = {"type": "text", "value": '<p data-block-key="fghij">Below the picture.</p>'}
    page.more = json.dumps([{"type": "picture", "value": use}, below])
    page.needs_newsroom = False
    page.save_revision().publish()


def emptied():
    """The newsroom as `standfirst new` makes it: founded, and nothing in it."""
    for folder in (settings.NEWSROOM.originals, settings.NEWSROOM.renditions):
        shutil.rmtree(folder, ignore_errors=True)
    labels = (
        "patrons",
        "corrections",
        "stories",
        "fronts",
        "people",
        "readers",
        "mailroom",
        "press",
        "importers",
        "wagtailredirects",
        "taggit",
        "letterbox",
    )
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    models += [apps.get_model("wagtailcore", name) for name in ("Revision", "ReferenceIndex", "PageLogEntry", "Site")]
    quote = connection.ops.quote_name
    with guards.lifted(), connection.cursor() as cursor:
        for model in models:
            for field in model._meta.local_many_to_many:
                cursor.execute(f"DELETE FROM {quote(field.m2m_db_table())}")
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")
        cursor.execute("DELETE FROM wagtailcore_workflowstate")
        cursor.execute("DELETE FROM wagtailcore_page WHERE depth > 1")
        cursor.execute("UPDATE wagtailcore_page SET numchild = 0")
        for table in ("wagtailsearch_indexentry", "modelsearch_indexentry"):
            if table in connection.introspection.table_names():
                cursor.execute(f"DELETE FROM {quote(table)}")
    return paper_found(name="The Lantern", languages=["en", "uk"])
