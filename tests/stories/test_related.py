"""Related stories: by hand first, by machine after, stored, and never a stranger or a draft."""

from standfirst.stories import selectors, services
from standfirst.stories.models import RelatedStory
from standfirst.stories.related import MAY_ENTER


def published(draft, headline, **fields):
    story = draft(headline, **fields)
    services.story_publish(story=story)
    return story


def test_a_story_about_the_same_thing_is_found_and_one_about_another_is_not(draft):
    bridge = published(draft, "Council votes on the Pivdennyi bridge", tags=["bridge"])
    published(draft, "Theatre opens its season with Lesia Ukrainka")

    story = published(draft, "Pivdennyi bridge closed for repairs", tags=["bridge"])

    assert selectors.related_for(story) == [bridge]
    assert selectors.related_for(bridge) == [story]


def test_the_other_language_never_appears(draft):
    published(draft, "Міст «Південний» закрито на ремонт", language="uk", tags=["bridge"])

    story = published(draft, "Pivdennyi bridge closed for repairs", tags=["bridge"])

    assert selectors.related_for(story) == []


def test_chosen_by_hand_goes_first_and_drafts_stay_hidden(draft):
    hidden = draft("A draft about the Pivdennyi bridge")
    other = published(draft, "Theatre opens its season")
    near = published(draft, "Pivdennyi bridge closed", tags=["bridge"])

    story = published(draft, "Pivdennyi bridge reopens", tags=["bridge"], related=[hidden, other])

    assert selectors.related_for(story) == [other, near]


def test_a_withdrawn_story_leaves_every_list(draft):
    near = published(draft, "Pivdennyi bridge closed", tags=["bridge"])
    story = published(draft, "Pivdennyi bridge reopens", tags=["bridge"])

    services.story_withdraw(story=near)

    assert selectors.related_for(story) == []
    assert not RelatedStory.objects.filter(related=near).exists()


def test_a_new_story_enters_at_most_five_other_lists(draft):
    for number in range(9):
        published(draft, f"Pivdennyi bridge, report {number}", tags=["bridge"])
    RelatedStory.objects.all().delete()

    story = published(draft, "Pivdennyi bridge, the last report", tags=["bridge"])

    assert RelatedStory.objects.filter(related=story).count() == MAY_ENTER
