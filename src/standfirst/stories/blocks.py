"""What a story's running text is made of: rich text, and separate blocks only for what is not text (decision 3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "blockquote", "hr"]
SHORT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class PictureBlock(blocks.StructBlock):
    """One use of a picture: its description and caption here, its credit from the picture unless overridden."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("Description"),
        required=False,
        max_length=250,
        help_text=_("What can be seen, for those who cannot see it. Up to 125 characters read best."),
    )
    decorative = blocks.BooleanBlock(
        label=_("Decorative"), required=False, help_text=_("It says nothing the text does not say.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    credit = blocks.CharBlock(
        label=_("Credit"),
        required=False,
        max_length=255,
        help_text=_("Leave empty to print the picture's own credit."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "stories/blocks/picture.html"


class GalleryBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=2, max_num=40)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "stories/blocks/gallery.html"


class StoryTableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("What the table shows"), max_length=250)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.CharBlock(label=_("Number"), required=False)),
        ],
        label=_("Table"),
    )
    first_column_is_header = blocks.BooleanBlock(label=_("First column names the rows"), required=False, default=True)
    note = blocks.CharBlock(label=_("Source or note"), required=False, max_length=300)

    class Meta:
        icon = "table"
        label = _("Table")
        template = "stories/blocks/table.html"


class FactBoxBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    text = blocks.RichTextBlock(label=_("Text"), features=SHORT_FEATURES)

    class Meta:
        icon = "form"
        label = _("Fact box")
        template = "stories/blocks/fact_box.html"


# Where a click-to-load embed may come from: host → (name for readers, maker of the frame's address).
EMBED_HOSTS = {
    "www.youtube.com": "YouTube",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "player.vimeo.com": "Vimeo",
    "t.me": "Telegram",
    "x.com": "X",
    "twitter.com": "X",
    "www.facebook.com": "Facebook",
    "www.instagram.com": "Instagram",
    "www.tiktok.com": "TikTok",
    "soundcloud.com": "SoundCloud",
    "open.spotify.com": "Spotify",
    "www.openstreetmap.org": "OpenStreetMap",
    "datawrapper.dwcdn.net": "Datawrapper",
    "flo.uri.sh": "Flourish",
    "bsky.app": "Bluesky",
}

# The only hosts a page may show in a frame, and only after a click (the public policy's frame-src).
EMBED_FRAMES = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://t.me",
    "https://www.openstreetmap.org",
    "https://datawrapper.dwcdn.net",
    "https://flo.uri.sh",
)


class EmbedValue(blocks.StructValue):
    @cached_property
    def host(self) -> str:
        return (urlsplit(self.get("url") or "").hostname or "").lower()

    @cached_property
    def provider(self) -> str:
        """The provider's name as readers know it; the bare host when it is not on the list."""
        return EMBED_HOSTS.get(self.host, self.host)


class EmbedBlock(blocks.StructBlock):
    """Something that lies elsewhere. Readers get a link; nothing is asked of the other host before a click."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(
        label=_("What it is"), max_length=200, help_text=_("Such as “Video: the council's session”.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)

    class Meta:
        icon = "media"
        label = _("Embed (click to load)")
        template = "stories/blocks/embed.html"
        value_class = EmbedValue


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    label = blocks.CharBlock(label=_("Words of the link"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "stories/blocks/file.html"


class UpdateNoteBlock(blocks.StructBlock):
    at = blocks.DateTimeBlock(label=_("When"))
    text = blocks.RichTextBlock(label=_("What is new"), features=["bold", "italic", "link"])

    class Meta:
        icon = "time"
        label = _("Dated update")
        template = "stories/blocks/update_note.html"


class UnknownsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    items = blocks.ListBlock(blocks.CharBlock(max_length=400), label=_("Open questions"))

    class Meta:
        icon = "help"
        label = _("What we do not know yet")
        template = "stories/blocks/unknowns.html"


class StoryBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Text"), icon="pilcrow", features=TEXT_FEATURES, template="stories/blocks/text.html"
    )
    picture = PictureBlock()
    gallery = GalleryBlock()
    table = StoryTableBlock()
    fact_box = FactBoxBlock()
    embed = EmbedBlock()
    file = FileBlock()
    update_note = UpdateNoteBlock()
    unknowns = UnknownsBlock()

    class Meta:
        required = False


def used_pictures(body: Any) -> list[tuple[str, Any]]:
    """Every use of a picture in a body, in reading order: (block id, value with image, alt, caption …)."""
    uses = []
    for child in body:
        if child.block_type == "picture":
            uses.append((child.id, child.value))
        elif child.block_type == "gallery":
            uses += [(child.id, value) for value in child.value["pictures"]]
    return uses
