"""The story and what it is made of, split by subject."""

from standfirst.stories.models.pictures import NewsDocument, NewsImage, NewsRendition
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
from standfirst.stories.models.versions import ChangeLabel, PublicVersion, RelatedStory, VersionText

__all__ = [
    "ChangeLabel",
    "MonthPage",
    "NewsDocument",
    "NewsImage",
    "NewsRendition",
    "PublicVersion",
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
]
