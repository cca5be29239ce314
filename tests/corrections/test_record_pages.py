"""The public record on pages: the log, its entries, every version, and what machines read of them."""

import datetime as dt
import hashlib
import json

import pytest
from django.utils import timezone

from standfirst.corrections.models import Correction, CorrectionText
from standfirst.corrections.record.pages import text_fragment
from standfirst.corrections.services.log import correction_amend, entry_details
from standfirst.press.render import render
from standfirst.stories.record import record_head
from standfirst.stories.services import story_withdraw
from tests.corrections.test_log import NINE, body_of, change

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(newsroom):
    newsroom.publish("Another story", body=[{"type": "text", "value": NINE}])
    return newsroom.publish("A bridge is closed", body=[{"type": "text", "value": NINE}])


@pytest.fixture
def corrected(story):
    """With a correction that a reader reported, three hours before."""
    with entry_details(origin="reader", reported_at=timezone.now() - dt.timedelta(hours=3), credit="Olha K."):
        change(story, body=body_of(story, "Nine", "Two"))
    story.refresh_from_db()
    return story


def words(response):
    return " ".join(response.content.decode().split())


PLACES = ["/corrections/", "/uk/corrections/", "/corrections/page/1/", "/corrections/1/", "{story}versions/",
          "{story}versions/1/", "{story}versions/2/"]  # fmt: skip


@pytest.mark.parametrize("text", ["", "text/"])
@pytest.mark.parametrize("place", PLACES)
def test_every_page_of_the_record_stands_with_its_text_edition(corrected, client, place, text):
    address = place.format(story=corrected.public_path) + text

    response = client.get(address)

    assert response.status_code == 200, address
    assert response.cookies == {}
    if not text:
        assert f'href="{address}text/"' in response.content.decode()


def test_the_log_says_what_was_wrong_what_is_right_and_how_long_it_took(corrected, client):
    page = words(client.get("/corrections/"))

    assert '<a href="/corrections/1/">Correction 1</a>' in page
    assert "An earlier version said nine bearings failed. It is two." in page
    assert "Found by a reader, put right within 3 hours. Thanks to Olha K." in page
    assert "Half of all mistakes reported to us were put right within 3 hours." in page
    assert "Correction: 1." in page


def test_ukrainian_counts_hours_as_ukrainians_do(corrected, client):
    page = words(client.get("/uk/corrections/"))

    assert "за 3 години" in page


def test_an_entry_shows_the_words_and_leads_to_them(corrected, client):
    page = words(client.get("/corrections/1/"))

    assert '<del><span class="sf-aloud">it said: </span>Nine<span class="sf-aloud">;</span></del>' in page
    assert '<ins><span class="sf-aloud">it says now: </span>Two<span class="sf-aloud">;</span></ins>' in page
    assert f'href="{corrected.public_path}#:~:text=Two,-of%20two%20hundred"' in page
    assert f'href="{corrected.public_path}versions/1/"' in page
    assert f'href="{corrected.public_path}versions/2/"' in page
    assert "Thanks to Olha K." in page
    assert Correction.objects.get().digest in page


def test_an_entry_speaks_the_language_of_its_story_and_exists_once(newsroom, client):
    story = newsroom.publish("Міст закрито", language="uk", body=[{"type": "text", "value": NINE}])
    change(story, note="Раніше тут ішлося про дев’ять опор.", standfirst="Дві.")

    page = client.get("/corrections/1/")

    assert '<html lang="uk"' in page.content.decode()
    assert "Виправлення 1" in page.content.decode()
    assert client.get("/uk/corrections/1/").status_code == 404


@pytest.mark.parametrize(
    "place", ["/corrections/9/", "/corrections/0/", "/corrections/page/2/", "/corrections/2019.json"]
)
def test_what_is_not_on_record_is_not_found(corrected, client, place):
    assert client.get(place).status_code == 404


def test_the_log_is_numbered_from_the_oldest(story, client):
    for number in range(21):
        change(story, standfirst=f"Words {number}.")

    assert "Correction 20<" in words(client.get("/corrections/page/1/"))
    assert "Correction 21<" not in words(client.get("/corrections/page/1/"))
    assert "Correction 21<" in words(client.get("/corrections/page/2/"))
    front = words(client.get("/corrections/"))
    assert "Correction 21<" in front
    assert 'href="/corrections/page/2/"' in front


def test_the_history_of_a_story_shows_each_change(corrected, client):
    page = words(client.get(f"{corrected.public_path}versions/"))

    assert page.index('id="v2"') < page.index('id="v1"')
    assert "<del>" in page
    assert '<a href="/corrections/1/">Correction 1</a>' in page
    for version in corrected.public_versions.all():
        assert version.digest in page


def test_an_old_version_says_so_and_reads_as_it_did(corrected, client):
    response = client.get(f"{corrected.public_path}versions/1/")
    page = words(response)

    assert "An old version: number 1 of 2" in page
    assert "Nine of two hundred bearings failed" in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="http://testserver{corrected.public_path}">' in page


def test_anybody_can_check_the_hash_of_a_version(corrected, client):
    version = corrected.public_versions.get(number=1)
    page = words(client.get(f"{corrected.public_path}versions/1/"))
    salt = bytes(version.salt).hex()
    assert salt in page

    content = client.get(f"{corrected.public_path}versions/1.json").content

    assert hashlib.sha256(bytes.fromhex(salt) + content).hexdigest() == version.digest
    assert json.loads(content)["headline"] == "A bridge is closed"


def test_a_withheld_version_shows_neither_words_nor_salt(corrected, client):
    version = corrected.public_versions.get(number=1)
    salt = bytes(version.salt).hex()
    version.text.delete()

    page = words(client.get(f"{corrected.public_path}versions/1/"))
    history = words(client.get(f"{corrected.public_path}versions/"))

    assert "The words of this version are withheld." in page
    assert "Nine" not in page + history
    assert salt not in page
    assert client.get(f"{corrected.public_path}versions/1.json").status_code == 410


def test_a_withheld_entry_keeps_its_place(corrected, client):
    CorrectionText.objects.all().delete()

    for place in ("/corrections/", "/corrections/1/", "/corrections/1/text/"):
        page = words(client.get(place))
        assert "The words of this entry are withheld." in page
        assert "nine bearings" not in page
        assert "Olha" not in page
    assert client.get("/corrections.json").json()["corrections"][0]["is_withheld"] is True


def test_a_withdrawn_story_takes_its_versions_along(corrected, newsroom, client):
    story_withdraw(story=corrected, editor=newsroom.editor)

    for below in ("versions/", "versions/1/", "versions/1.json", "versions/text/"):
        assert client.get(corrected.public_path + below).status_code == 410
    page = words(client.get("/corrections/1/"))
    assert "withdrawn" in page
    assert corrected.public_path not in page
    assert "<del>" not in page


def test_versions_are_found_below_an_old_address(corrected, newsroom, client):
    old = corrected.public_path
    corrected.slug = "the-bridge"
    corrected.save_revision().publish()
    corrected.refresh_from_db()

    response = client.get(f"{old}versions/1/")

    assert (response.status_code, response["Location"]) == (301, f"{corrected.public_path}versions/1/")


def test_the_data_hold_every_entry_and_the_head_of_the_record(corrected, newsroom, client):
    correction_amend(correction=Correction.objects.get(), text="More.", editor=newsroom.editor)

    data = client.get("/corrections.json").json()

    head = record_head()
    assert data["record"] == {"number": head.number, "hash": head.hash, "at": head.at}
    [entry] = data["corrections"]
    assert (entry["number"], entry["label"], entry["origin"]) == (1, "correction", "reader")
    assert (entry["version_before"], entry["version_after"]) == (1, 2)
    assert entry["was"] == "Nine of two hundred bearings failed on Monday."
    assert 3 * 3600 <= entry["seconds_to_fix"] < 3 * 3600 + 60
    assert entry["amendments"][0]["text"] == "More."
    [year] = data["figures"]
    assert (year["total"], year["labels"]) == (1, {"correction": 1})
    assert client.get(f"/corrections/{year['year']}.json").json()["corrections"] == data["corrections"]


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_log_can_be_followed(corrected, client, form):
    from tests.wire.test_feeds import READ, TYPES

    response = client.get(f"/corrections/feed.{form}")

    assert response["Content-Type"] == f"{TYPES[form]}; charset=utf-8"
    READ[form](response.content)
    assert "Correction 1: A bridge is closed" in response.content.decode()
    assert record_head().hash in response.content.decode()


def test_the_press_knows_what_an_addition_changes(corrected, newsroom):
    paths = ["/corrections/", "/corrections/1/", "/corrections.json", corrected.public_path]
    before = {path: render(path) for path in paths}

    entry = Correction.objects.get()
    for path in paths:
        assert {f"correction:{entry.pk}"} <= before[path].keys, path


@pytest.mark.parametrize(("given", "expected"), [
    ((["well-known,", "A&B"], [], []), "#:~:text=well%2Dknown%2C%20A%26B"),
    ((["Two"], ["said", "that"], ["of", "nine"]), "#:~:text=said%20that-,Two,-of%20nine"),
    ((["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], [], []), "#:~:text=a%20b%20c%20d,g%20h%20i%20j"),
    ((["Дві"], ["…"], []), "#:~:text=%D0%94%D0%B2%D1%96"),
])  # fmt: skip
def test_a_link_to_words_is_written_so_that_browsers_find_them(given, expected):
    assert text_fragment(*given) == expected
