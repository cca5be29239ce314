"""The story: a Wagtail page under month folders per language, with a stored, frozen public address."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from standfirst.kit.slugs import slugify_ascii
from standfirst.press.models import Shown
from standfirst.stories.acting import actor
from standfirst.stories.addresses import PublicAddress, language_prefix
from standfirst.stories.blocks import SHORT_FEATURES, StoryBody
from standfirst.stories.checks import change_problems, publish_problems
from standfirst.stories.lists import Standing, standing_of
from standfirst.stories.models.taxonomy import StoryTag
from standfirst.stories.models.versions import ChangeLabel


class MonthPage(PublicAddress, Page):
    """A folder in Wagtail's tree that holds one month's stories of one language. Readers never see it."""

    parent_page_types = ["fronts.HomePage"]
    subpage_types = ["stories.StoryPage"]
    is_creatable = False
    show_in_menus_default = False

    class Meta:
        verbose_name = _("month")
        verbose_name_plural = _("months")

    @property
    def public_address(self) -> str | None:
        return None


class StoryPage(PublicAddress, Shown, Page):
    """One story. `title` is the headline; `slug` the last part of its address."""

    press_kind = "story"

    kicker = models.CharField(_("kicker"), max_length=80, blank=True, help_text=_("A word or two above the headline."))
    standfirst = models.TextField(
        _("standfirst"),
        max_length=600,
        blank=True,
        help_text=_(
            "What happened and why it matters, in two or three lines. Shown whole wherever the story is listed."
        ),
    )
    kind = models.ForeignKey(
        "stories.StoryKind",
        verbose_name=_("kind"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    section = models.ForeignKey(
        "stories.Section",
        verbose_name=_("section"),
        null=True,
        # A draft may wait for its section; nothing goes out without one (checks.py).
        blank=True,
        on_delete=models.PROTECT,
        related_name="stories",
    )
    dateline = models.CharField(
        _("dateline"), max_length=120, blank=True, help_text=_("Where it was reported: “KYIV”.")
    )

    lead_image = models.ForeignKey(
        "stories.NewsImage",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lead_alt = models.CharField(
        _("description"),
        max_length=250,
        blank=True,
        help_text=_("What can be seen, for those who cannot see it. Up to 125 characters read best."),
    )
    lead_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It says nothing the text does not say.")
    )
    lead_caption = models.CharField(_("caption"), max_length=500, blank=True)
    lead_credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Leave empty to print the picture's own credit.")
    )

    body = StreamField(StoryBody(), verbose_name=_("text"), blank=True)
    methods = RichTextField(
        _("how we reported this"),
        features=SHORT_FEATURES,
        blank=True,
        help_text=_("Methods, as far as readers need them."),
    )
    tags = ClusterTaggableManager(through=StoryTag, blank=True, verbose_name=_("tags"))

    # Stored at first publication from its date in the newsroom's time zone, then frozen (decision 2).
    public_path = models.CharField(max_length=220, unique=True, null=True, blank=True, editable=False)
    kept_from_search = models.BooleanField(
        _("kept from search engines"),
        default=False,
        help_text=_("Search engines are asked to leave it out. It stays readable, and in the paper's own search."),
    )
    # When the words readers see last changed; moves with a new public version only.
    changed_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    # What readers were last told of a change, for lists; a retraction stays. Moves with a new public version only.
    label_shown = models.CharField(max_length=14, choices=ChangeLabel.choices, blank=True, editable=False, default="")
    # Why an imported story waits as a draft, in words for the desk.
    held_because = models.CharField(max_length=255, blank=True, editable=False, default="")
    # What the change that waits in this draft is, told when it goes out. It counts only for the change from the
    # public version `change_from`: a label of an earlier change is no label of the next one.
    change_label = models.CharField(
        _("label of the change"), max_length=14, choices=ChangeLabel.choices, blank=True, default=""
    )
    change_note = models.TextField(_("note for readers"), max_length=1000, blank=True, default="")
    change_from = models.PositiveIntegerField(null=True, blank=True, editable=False)

    parent_page_types = ["stories.MonthPage"]
    subpage_types: list[str] = []
    template = "stories/story_page.html"
    show_in_menus_default = False

    search_fields = [
        *Page.search_fields,
        index.SearchField("kicker"),
        index.SearchField("standfirst", boost=1.5),
        index.SearchField("lead_caption"),
        index.SearchField("body"),
        index.FilterField("section"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions = [("speak_for_paper", _("Can issue editor’s notes and retractions"))]
        indexes = [models.Index(fields=["section", "changed_at"])]

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def public_address(self) -> str | None:
        return self.public_path

    @property
    def text_path(self) -> str:
        """The text edition's address."""
        return f"{self.public_path}text/"

    @property
    def suggest_path(self) -> str:
        """The form for a correction; works without script."""
        return f"{self.public_path}suggest/"

    def address_on(self, day: Any) -> str:
        """The address this story gets when it is first published on `day`, a date in the newsroom's zone."""
        return f"{language_prefix(self.language)}{day:%Y/%m/%d}/{self.slug}/"

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The page as readers will get it, in the story's own language, whatever the desk speaks."""
        with translation.override(self.language):
            request.LANGUAGE_CODE = self.language
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail would make the slug in the headline's own script; ours are ASCII, at most 100 characters.
        if self.title and (not self.slug or not self.slug.isascii()):
            parent_id = self.get_parent().pk if self.path else None
            self.slug = free_story_slug(slugify_ascii(self.slug or self.title), parent_id, self.pk)
        super().full_clean(*args, **kwargs)

    def save(self, clean: bool = True, **kwargs: Any) -> Any:
        if clean and self.live and kwargs.get("update_fields") is None:
            # Whatever way a story goes out (form, bulk, workflow, schedule, API), the same gate stands before it.
            # Not in full_clean: that also runs for drafts of a story that is live.
            self.require_ready()
        if kwargs.get("update_fields") is None and "_stood" not in self.__dict__:
            # Where readers found it until now; whoever records the publication or withdrawal refreshes those lists.
            self._stood = standing_of(self.pk)
        return super().save(clean=clean, **kwargs)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; what would stop a scheduled change of a live story at night stops it now."""
        # Building the draft is a tenth of a publication, so only for one with a date.
        draft = revision.as_object() if revision.content.get("go_live_at") else None
        if draft and draft.live and draft.go_live_at > timezone.now():
            draft.require_ready()
        return super().publish(revision, *args, **kwargs)

    def stood(self) -> Standing:
        """Where this story stood before it was last saved, told once."""
        found: Standing | None = self.__dict__.pop("_stood", None)
        return found if found is not None else standing_of(self.pk)

    def require_ready(self) -> None:
        """Raise ValidationError, a message per field, when this story may not go out."""
        found: dict[str, list[str]] = {}
        for problem in (*publish_problems(self), *change_problems(self, editor=actor())):
            found.setdefault(problem.field, []).append(problem.message)
        if found:
            raise ValidationError(found)

    def minimal_clean(self) -> None:
        if self.title and (not self.slug or not self.slug.isascii()):
            parent_id = self.get_parent().pk if self.path else None
            self.slug = free_story_slug(slugify_ascii(self.slug or self.title), parent_id, self.pk)
        super().minimal_clean()


def free_story_slug(slug: str, parent_id: int | None, own_id: int | None) -> str:
    if parent_id is None:
        return slug
    taken = set(
        Page.objects.get(pk=parent_id)
        .get_children()
        .exclude(pk=own_id)
        .filter(slug__startswith=slug)
        .values_list("slug", flat=True)
    )
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug[:94]}-{number}"
    return candidate


class StoryByline(Orderable):
    """One name under a story, in the order printed."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="story_bylines")
    byline = models.ForeignKey(
        "people.Byline", verbose_name=_("byline"), on_delete=models.PROTECT, related_name="story_bylines"
    )
    note = models.CharField(_("note"), max_length=100, blank=True, help_text=_("Such as “in Kharkiv”."))

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["story", "byline"], name="byline_once_per_story")]


class StoryBasedOn(Orderable):
    """“Based on reporting by …”: the agency or paper whose work this story uses."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="based_on")
    name = models.CharField(_("agency or paper"), max_length=150)
    url = models.URLField(_("link"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        pass


class StorySource(Orderable):
    """A line of the sources box."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=150, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True)
    published_on = models.CharField(_("date"), max_length=40, blank=True, help_text="2026-11-03, 2026-11")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        pass


class StoryRelated(Orderable):
    """A related story chosen by hand."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="related_by_hand")
    related = models.ForeignKey(StoryPage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["story", "related"], name="related_by_hand_once")]
