"""The story form of the desk: what a reporter finds filled in, and what must be true before a story goes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamValue
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.rich_text import RichText

from standfirst.kit.html import text_of
from standfirst.kit.slugs import slugify_ascii
from standfirst.people.models import Byline, User
from standfirst.stories.asking import Question, question_of
from standfirst.stories.checks import label_problems, publish_problems
from standfirst.stories.keeping import sentence
from standfirst.stories.models import StoryByline, StoryKind, StoryPage, WordEdit
from standfirst.stories.models.story import free_story_slug
from standfirst.stories.once import key_of, may_be_given
from standfirst.stories.publishing import words_seen
from standfirst.stories.richtext import repair_beside, repair_stream
from standfirst.stories.services.revising import words_keep

# The ways out of the form: now or at its time, and to somebody who reads it first.
_OUT = ("action-publish", "action-submit", "action-restart-workflow")


class _Seen(forms.IntegerField):
    """How much of the corrections of its story an open form knows; nothing a colleague writes."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class StoryForm(WagtailAdminPageForm):
    """StoryPage's form. Drafts and autosave pass with anything; publishing meets the gate, a message per field.

    A changed published story is asked what the change is, once, when it goes out. Words that were corrected while the
    form was open stay corrected in what is saved.
    """

    words_seen = _Seen(required=False)
    # Set for what the dialog says in a page that saves by itself (desk-change.js).
    words_kept: list[WordEdit]
    question: Question | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        story: StoryPage = kwargs["instance"]
        sent = args[0] if args else kwargs.get("data")
        if sent is None:
            if story.pk is None:
                _prefill(story, kwargs.get("for_user"))
            if not story.body:
                # A sheet to write on, so that nobody has to ask for one.
                story.body = StreamValue(story.body.stream_block, [("text", RichText(""), None)])
        elif story.pk is None:
            _take_key(story, sent)
        self.words_kept, self.question = [], None
        super().__init__(*args, **kwargs)
        self._lay_seen(story)
        kind = self.fields.get("kind")
        if kind is not None:
            # A kind that was switched off stays with the stories that have it.
            kind.queryset = StoryKind.objects.filter(is_active=True) | StoryKind.objects.filter(pk=story.kind_id)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "body" in self.fields:
            body = self.fields["body"]
            body.clean = partial(_clean_without_empty_text, body.clean)

    @property
    def is_going_out(self) -> bool:
        return self.is_bound and bool(self.data.get("action-publish"))

    @property
    def is_asked(self) -> bool:
        """Whether this is the moment at which a change gets its label."""
        approves = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == "approve"
        return self.is_bound and bool(approves or any(self.data.get(way) for way in _OUT))

    def _lay_seen(self, story: StoryPage) -> None:
        field = self.fields["words_seen"]
        if not self.is_bound and story.pk:
            # Noted before the story was read: what came between is replaced twice rather than lost.
            seen = words_seen.get()
            self.initial["words_seen"] = WordEdit.newest_of(story.pk) if seen is None else seen
        if story.pk and story.public_path:
            field.widget.attrs["data-change"] = reverse("stories_desk:change", args=[story.pk])

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        """ASCII, made from the headline and following it until an editor writes one or readers know the address."""
        written = self.cleaned_data.get("slug") or ""
        headline = self.cleaned_data.get("title") or ""
        before = slugify_ascii(self.instance.title or "")
        own = re.sub(r"-\d{1,2}\Z", "", written)
        follows = not self.instance.public_path and own in ("", before, re.sub(r"-\d{1,2}\Z", "", before))
        wanted = slugify_ascii(headline if follows or not written else written)
        parent = self.parent_page or (self.instance.get_parent() if self.instance.pk else None)
        if written == wanted and not follows:
            return written
        return free_story_slug(wanted, parent.pk if parent else None, self.instance.pk)

    def clean_body(self) -> Any:
        """Every paragraph with a key of its own, whatever was pasted or doubled (decision 3)."""
        body = self.cleaned_data["body"]
        if not body:
            return body
        return body.stream_block.to_python(repair_stream(body.get_prep_value()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("methods"):
            body = cleaned.get("body")
            cleaned["methods"] = repair_beside(cleaned["methods"], body.get_prep_value() if body else [])
        picture = cleaned.get("lead_image")
        if picture and not cleaned.get("lead_credit") and not picture.is_credited:
            cleaned["lead_credit"] = last_credit(picture, self.instance.pk)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        seen = self.cleaned_data.get("words_seen")
        if seen is not None and self.instance.pk:
            self.words_kept = words_keep(story=self.instance, since=seen)
            self.instance.words_kept = self.words_kept
        if self.is_going_out:
            for problem in publish_problems(self.instance):
                field = problem.field if problem.field in self.fields else None
                if field is None or problem.message not in self.errors.get(field, []):
                    self.add_error(field, problem.message)
        if self.is_asked and "change_label" in self.fields and not self.errors:
            self._ask()

    def _ask(self) -> None:
        """Ask what the change is, unless this form says it of just this change."""
        story: StoryPage = self.instance
        lines = self._lines()
        if lines is None:
            # What is wrong there comes back first.
            return
        self.question = question_of(story, self.for_user, lines)
        if self.question is None:
            story.change_label, story.change_note, story.change_from = "", "", None
            return
        # What was said of an earlier change says nothing of this one.
        is_said = story.change_from == self.question.version.number
        story.change_from = self.question.version.number
        problems = label_problems(story, editor=self.for_user)
        if not problems and self.data.get("change_of") == self.question.mark:
            # What was laid ready for a correction is no word about a typo or an update.
            is_unasked = story.change_label == "update" and story.change_note == self.question.note
            story.change_note = "" if is_unasked or story.change_label == "typo" else story.change_note
            self.question = None
            return
        if self.data.get("change_of") == self.question.mark:
            for problem in problems:
                self.add_error(problem.field, problem.message)
        else:
            self.add_error("change_label", self.question.why)
            self.question = self.question.with_label_of(story) if is_said else self.question

    def _lines(self) -> dict[str, list[Any]] | None:
        """Bylines, sources and the like as they were sent, in their order; None when some cannot be saved."""
        found: dict[str, list[Any]] = {}
        for name, formset in self.formsets.items():
            if not formset.is_valid():
                return None
            sent = [(form.cleaned_data, form.instance) for form in formset.forms if form.cleaned_data]
            sent.sort(key=lambda line: line[0].get("ORDER") or 0)
            found[name] = [line for data, line in sent if not data.get("DELETE")]
        return found

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        # The open page learns the address its draft got, or the next autosave would take it for a hand-written one.
        updates = [*super().get_field_updates_for_resave(), ("slug", self.instance.slug)]
        # For the line above the form (desk-change.js); no field has this name.
        return [*updates, ("words_kept", sentence(self.words_kept))] if self.words_kept else updates


def _clean_without_empty_text(clean: Callable[[Any], Any], body: Any) -> Any:
    """Validate a body without the text blocks nothing was written in; an empty one waits in every new story."""
    kept = [
        position
        for position, child in enumerate(body)
        if child.block_type != "text" or text_of(getattr(child.value, "source", "") or "")
    ]
    if len(kept) == len(body):
        return clean(body)
    written = [(body[position].block_type, body[position].value, body[position].id) for position in kept]
    try:
        return clean(StreamValue(body.stream_block, written))
    except StreamBlockValidationError as error:
        # Where the block stands on the screen, not where it stands among those that were kept.
        on_screen = {kept[position]: problem for position, problem in error.block_errors.items()}
        raise StreamBlockValidationError(on_screen, error.non_block_errors) from error


def _prefill(story: StoryPage, user: User | None) -> None:
    """What a new story starts with: plain news, under the writer's own name."""
    story.kind = StoryKind.objects.filter(slug="news", is_active=True).first()
    own = Byline.objects.filter(account=user).order_by("pk").first() if user else None
    if own is not None:
        story.story_bylines = [StoryByline(byline=own)]


def _take_key(story: StoryPage, data: Any) -> None:
    """The form's key becomes the story's own, by which the same form finds it again (once.py)."""
    key = key_of(data)
    if key is not None and may_be_given(key):
        story.translation_key = key


def last_credit(picture: Any, but_not: int | None = None) -> str:
    """The credit that was written for a picture where it was last used; "" when it never was."""
    used = StoryPage.objects.filter(lead_image=picture).exclude(lead_credit="").exclude(pk=but_not)
    return used.order_by("-latest_revision_created_at", "-pk").values_list("lead_credit", flat=True).first() or ""


class QuickStoryForm(forms.Form):
    """Headline, section, text: all a story needs to go out from a phone. Everything else can be added later."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    headline = forms.CharField(
        label=_("Headline"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    section: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Section"), queryset=None, required=False, empty_label=_("Choose …")
    )
    language = forms.ChoiceField(label=_("Language"))
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("An empty line begins a new paragraph. A line that begins with ## is a subhead."),
    )
    # Looked at by the form that every upload passes (desk._picture_of).
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    kept_photo = forms.CharField(widget=forms.HiddenInput, required=False)
    description = forms.CharField(
        label=_("What the photo shows"),
        required=False,
        max_length=250,
        help_text=_("For those who cannot see it."),
    )
    credit = forms.CharField(label=_("Who took it"), required=False, max_length=255)
    checking = forms.BooleanField(
        label=_("Credit being checked"), required=False, help_text=_("Readers are told so, and the desk is reminded.")
    )

    def __init__(self, *args: Any, languages: list[tuple[str, str]], sections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        if len(languages) == 1:
            self.fields["language"].widget = forms.HiddenInput()
