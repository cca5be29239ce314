"""The quick story: headline, section, text, Publish, from a phone and without script."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from standfirst.stories.models import NewsImage, StoryPage
from standfirst.stories.plain import story_html
from tests.desk import signed_in
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db
URL = "/desk/stories/quick/"


def typed(newsroom, **fields):
    return {
        "token": str(uuid.uuid4()),
        "headline": "Trams stand still",
        "section": newsroom.city.pk,
        "language": "en",
        "text": "The trams stand still.\n\n## Why\n\nThe current failed.",
        "description": "",
        "credit": "",
    } | fields


def test_an_editor_publishes_with_headline_section_and_text(newsroom):
    client = signed_in(newsroom.editor)

    answer = client.post(URL, typed(newsroom) | {"publish": "1"})

    story = StoryPage.objects.get(title="Trams stand still")
    assert answer.status_code == 302
    assert story.live
    assert [block.block_type for block in story.body] == ["text"]
    assert "Why</h2>" in story.body[0].value.source
    assert story.section == newsroom.city


def test_sending_it_twice_makes_one_story(newsroom):
    client = signed_in(newsroom.editor)
    form = typed(newsroom) | {"publish": "1"}

    first, second = client.post(URL, form), client.post(URL, form)

    assert first["Location"] == second["Location"]
    assert StoryPage.objects.filter(title="Trams stand still").count() == 1


def test_a_reporters_quick_story_waits_as_a_draft_under_her_name(newsroom):
    client = signed_in(newsroom.reporter)

    client.post(URL, typed(newsroom) | {"publish": "1"})

    story = StoryPage.objects.get(title="Trams stand still")
    assert not story.live
    assert [line.byline for line in story.story_bylines.all()] == [newsroom.byline]


def test_a_photo_from_the_phone_becomes_the_lead_picture(newsroom):
    client = signed_in(newsroom.editor)
    photo = picture_file()

    client.post(URL, typed(newsroom, photo=photo, description="A tram", credit="Olena Marchuk") | {"publish": "1"})

    story = StoryPage.objects.get(title="Trams stand still")
    assert (story.lead_alt, story.lead_image.credit) == ("A tram", "Olena Marchuk")
    assert story.live


def test_a_refusal_keeps_everything_typed_and_the_photo(newsroom):
    client = signed_in(newsroom.editor)
    form = typed(newsroom, photo=picture_file(), credit="Olena Marchuk") | {"publish": "1"}

    refused = client.post(URL, form)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "has no description" in page
    assert "Trams stand still" in page
    assert "The current failed." in page
    assert not StoryPage.objects.filter(title="Trams stand still").exists()
    picture = NewsImage.objects.latest("pk")
    form = {name: value for name, value in form.items() if name != "photo"}
    client.post(URL, form | {"kept_photo": str(picture.pk), "description": "A tram"})
    assert StoryPage.objects.get(title="Trams stand still").lead_image == picture


def test_an_editor_may_send_a_photo_out_while_its_credit_is_checked(newsroom):
    form = {"description": "A tram", "checking": "on", "publish": "1"}

    signed_in(newsroom.editor).post(URL, typed(newsroom, photo=picture_file()) | form)
    signed_in(newsroom.reporter).post(URL, typed(newsroom, headline="Hers", photo=picture_file()) | form)

    story = StoryPage.objects.get(title="Trams stand still")
    assert (story.live, story.lead_image.credit_pending) == (True, True)
    assert StoryPage.objects.get(title="Hers").lead_image.credit_pending is False
    assert 'name="checking"' not in signed_in(newsroom.reporter).get(URL).content.decode()


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(newsroom):
    client = signed_in(newsroom.editor)
    before = NewsImage.objects.count()
    file = SimpleUploadedFile("photo.jpg", b"no picture at all", content_type="image/jpeg")

    refused = client.post(URL, typed(newsroom, photo=file) | {"draft": "1"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["photo"][0].endswith(".")
    assert NewsImage.objects.count() == before
    assert not StoryPage.objects.filter(title="Trams stand still").exists()


def test_reasons_stand_at_their_fields_in_every_language(newsroom):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(newsroom.editor)
    profile.preferred_language = "uk"
    profile.save()
    client = signed_in(newsroom.editor)

    refused = client.post(URL, typed(newsroom, photo=picture_file(), section="") | {"publish": "1"})

    assert set(refused.context["form"].errors) == {"section", "credit", "description"}


def test_without_a_section_it_is_not_published_and_says_so(newsroom):
    client = signed_in(newsroom.editor)

    refused = client.post(URL, typed(newsroom, section="") | {"publish": "1"})

    assert "Choose the section" in refused.content.decode()
    assert not StoryPage.objects.filter(title="Trams stand still").exists()
    client.post(URL, typed(newsroom, section="") | {"draft": "1"})
    assert StoryPage.objects.get(title="Trams stand still").live is False


def test_nobody_takes_somebody_elses_photo_or_story(newsroom):
    other = signed_in(newsroom.editor)
    form = typed(newsroom, photo=picture_file(), description="A tram", credit="E") | {"draft": "1"}
    other.post(URL, form)
    story = StoryPage.objects.get(title="Trams stand still")

    client = signed_in(newsroom.reporter)
    mine = typed(newsroom, headline="Mine", kept_photo=str(story.lead_image_id)) | {"draft": "1"}
    client.post(URL, mine)

    assert StoryPage.objects.get(title="Mine").lead_image is None


def test_it_wants_no_script(newsroom):
    page = signed_in(newsroom.reporter).get(URL).content.decode()

    assert '<textarea name="text"' in page
    assert 'capture="environment"' in page
    assert 'enctype="multipart/form-data"' in page


@pytest.mark.parametrize(
    ("typed_text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One\r\ntwo", "<p>One<br/>two</p>"),
        ("## Head\nText", "<h2>Head</h2><p>Text</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("<script>x</script> & co", "<p>&lt;script&gt;x&lt;/script&gt; &amp; co</p>"),
        ("  \n\n ", ""),
    ],
)
def test_plain_text_becomes_story_text(typed_text, html):
    assert story_html(typed_text) == html
