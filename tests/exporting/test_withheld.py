"""What is withheld stays withheld after moving house, and no word of it goes along."""

import json

import pytest

from standfirst.corrections.ledger import line_now
from standfirst.corrections.models import Correction, Withholding
from standfirst.corrections.services.withholding import Wanted, withhold
from standfirst.corrections.withheld import lines_of_absence
from standfirst.importers.errors import ImportRefused
from standfirst.importers.house.services import export_take_in
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.record import record_state
from tests.corrections.test_log import NINE, body_of, change
from tests.exporting.paper import emptied
from tests.exporting.test_import import same, sealed

pytestmark = pytest.mark.django_db

WORDS = "Zorian Kvitka"


@pytest.fixture
def paper(unhurried, newsroom):
    """Words, an old version, a note, a picture and a whole story withheld; the story's picture is in no other."""
    picture = newsroom.picture(title="The house at Poplar Lane")
    story = newsroom.publish("A bridge is closed", body=[{"type": "text", "value": f"{NINE}<p>{WORDS} saw it.</p>"}])
    change(story, body=body_of(story, "Nine", "Two"))
    gone = newsroom.publish("Heron at home", body=[{"type": "text", "value": "<p>The heron lives here.</p>"}])
    shown = newsroom.publish("Shown", lead_image=picture, lead_alt="A house")
    for wanted in (
        Wanted(story, "words", "danger", words=[WORDS]),
        Wanted(story, "version", "court", version=story.public_versions.get(number=1)),
        Wanted(story, "note", "privacy", note_of=Correction.objects.get(number=1)),
        Wanted(gone, "story", "accident"),
        Wanted(shown, "picture", "privacy", picture=picture),
    ):
        withhold(wanted=wanted, editor=newsroom.editor, reason="Because of Kvitka.")
    newsroom.story, newsroom.gone = story, gone
    return newsroom


def test_what_is_withheld_is_withheld_in_the_new_house(paper, exported, client, monkeypatch):
    folder = exported(private=True)
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    for word in (b"kvitka", b"zorian", b"heron"):
        assert word not in everything.replace(b"heron-at-home", b"")
    said = [(line["kind"], line["category"]) for line in json.loads((folder / "withheld.json").read_text())]
    was = client.get(f"{paper.story.public_path}versions/1/").content
    emptied()
    noted = []
    monkeypatch.setattr("standfirst.corrections.ledger.noted", lambda one: noted.append(line_now(one)["state"]))

    export_take_in(folder=folder)

    assert sorted(Withholding.objects.values_list("kind", "category")) == sorted(said)
    assert record_state().troubles == []
    page = client.get(paper.story.public_path).content.decode()
    assert "danger to a person" in page
    assert WORDS not in page
    now = client.get(f"{paper.story.public_path}versions/1/").content
    assert [b"decision of a court" in one for one in (was, now)] == [True, True]
    assert client.get(paper.gone.public_path).status_code == 410
    (line,) = lines_of_absence(StoryPage.objects.get(pk=paper.gone.pk))
    assert line.words.endswith("published by accident.")
    assert noted == ["destroyed"] * 5
    assert not any(one.is_held for one in Withholding.objects.all()), "nothing is here that could be given back"
    same(folder, exported("second", private=True), but={"accounts.json", "withheld.json"})


@pytest.mark.parametrize(
    ("name", "value"), [("story", 99_999), ("entry", 99_999), ("version", 77), ("key", "x"), ("line", 9)]
)
def test_a_forged_withholding_does_not_come_in(paper, exported, name, value):
    folder = exported(private=True)
    said = json.loads((folder / "withheld.json").read_text())
    said[0][name] = value
    (folder / "withheld.json").write_text(json.dumps(said))
    sealed(folder)
    emptied()

    with pytest.raises(ImportRefused):
        export_take_in(folder=folder)

    assert not Withholding.objects.exists()
    assert not PublicVersion.objects.exists()
