"""The story and what it is made of, split by subject."""

from standfirst.stories.models.pictures import NewsDocument, NewsImage, NewsRendition
from standfirst.stories.models.record import RecordEntry, RecordGuard
from standfirst.stories.models.story import (
    MonthPage,
    StoryBasedOn,
    StoryByline,
    StoryPage,
    StoryRelated,
    StorySource,
)
from standfirst.stories.models.taxonomy import (
    Section,
    SectionText,
    StoryKind,
    StoryKindText,
    StoryTag,
    Tag,
)
from standfirst.stories.models.versions import (
    TOLD,
    ChangeLabel,
    PublicVersion,
    RelatedStory,
    VersionText,
    WordEdit,
)

__all__ = [
    "TOLD",
    "ChangeLabel",
    "MonthPage",
    "NewsDocument",
    "NewsImage",
    "NewsRendition",
    "PublicVersion",
    "RecordEntry",
    "RecordGuard",
    "RelatedStory",
    "Section",
    "SectionText",
    "StoryBasedOn",
    "StoryByline",
    "StoryKind",
    "StoryKindText",
    "StoryPage",
    "StoryRelated",
    "StorySource",
    "StoryTag",
    "Tag",
    "VersionText",
    "WordEdit",
]
