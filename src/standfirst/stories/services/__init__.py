"""The room's doors: every write of a story, one function per newsroom act."""

from standfirst.stories.services.founding import kinds_found, section_add
from standfirst.stories.services.intake import (
    Arrival,
    document_take_in,
    old_addresses_lead,
    pages_insert,
    picture_take_in,
    stories_take_in,
    story_take_again,
)
from standfirst.stories.services.masking import story_give_back, story_mask, story_pieces, story_without_picture
from standfirst.stories.services.pictures import (
    mark_prepare,
    original_put_aside,
    original_put_back,
    page_pictures,
    picture_prepare,
    picture_remake,
    pictures_complete,
    pictures_credit,
    pictures_ready,
    renditions_take_away,
)
from standfirst.stories.services.publication import (
    address_change,
    story_publish,
    story_record_publication,
    story_record_withdrawal,
    story_withdraw,
)
from standfirst.stories.services.record import record_append, record_versions, record_wait, records_append
from standfirst.stories.services.revising import DraftLeft, PassageEdit, Revised, story_revise, words_keep
from standfirst.stories.services.writing import month_folder, story_draft, tags_set

__all__ = [
    "Arrival",
    "DraftLeft",
    "PassageEdit",
    "Revised",
    "address_change",
    "document_take_in",
    "kinds_found",
    "mark_prepare",
    "month_folder",
    "old_addresses_lead",
    "original_put_aside",
    "original_put_back",
    "page_pictures",
    "pages_insert",
    "picture_prepare",
    "picture_remake",
    "picture_take_in",
    "pictures_complete",
    "pictures_credit",
    "pictures_ready",
    "record_append",
    "record_versions",
    "record_wait",
    "records_append",
    "renditions_take_away",
    "section_add",
    "stories_take_in",
    "story_draft",
    "story_give_back",
    "story_mask",
    "story_pieces",
    "story_publish",
    "story_record_publication",
    "story_record_withdrawal",
    "story_revise",
    "story_take_again",
    "story_withdraw",
    "story_without_picture",
    "tags_set",
    "words_keep",
]
