"""Pictures on their way to readers: what must be there before a story goes out, and what may follow."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Iterable, Mapping
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, get_page_models
from wagtail.permissions import policy_registry

from standfirst.people.models import User
from standfirst.press.services import refresh
from standfirst.stories import tasks
from standfirst.stories.blocks import used_pictures
from standfirst.stories.models import NewsImage, NewsRendition, StoryPage
from standfirst.stories.pictures import uses as places
from standfirst.stories.pictures.renditions import focal_key, missing_specs, rendition_file, renditions_make
from standfirst.stories.selectors import pictures_to_credit

logger = logging.getLogger(__name__)

# Of an archive that has just moved in only what its pages need is made: AVIF of ten thousand old pictures would
# keep a small machine busy for days.
RECENT = dt.timedelta(days=75)


def pictures_of(story: StoryPage) -> dict[NewsImage, tuple[places.Use, ...]]:
    """The pictures a story shows, each with what it is used for; the lead picture first."""
    wanted: dict[NewsImage, tuple[places.Use, ...]] = {}
    if story.lead_image_id and story.lead_image:
        wanted[story.lead_image] = places.AS_LEAD
    for _block_id, value in used_pictures(story.body):
        if value.get("image") is not None:
            wanted.setdefault(value["image"], places.IN_TEXT)
    return wanted


def pictures_ready(*, story: StoryPage) -> None:
    """Make what the pages of a story cannot do without, before it goes out: WebP and JPEG, never AVIF.

    Usually there is nothing to do: pictures are prepared in the background when they are uploaded. A picture whose
    original cannot be read is left out and logged, rather than keeping the story in.
    """
    wanted = pictures_of(story)
    there = set(
        NewsRendition.objects.filter(image__in=wanted).values_list("image_id", "filter_spec", "focal_point_key")
    )
    for image, uses in wanted.items():
        specs = [
            spec
            for spec in _specs(image, uses, needed_only=True)
            if (image.pk, spec, focal_key(image, spec)) not in there
        ]
        if specs:
            _make(image, specs)


def picture_prepare(*, image: NewsImage, needed_only: bool = False) -> list[NewsRendition]:
    """Make what any story may want of a picture, so that publishing finds it ready. No AVIF yet."""
    return _make(image, _specs(image, places.ON_UPLOAD, needed_only=needed_only, without_avif=True))


def pictures_credit(*, given: Mapping[int, str], editor: User) -> list[int]:
    """Give pictures that wait for it their credit: key of the picture → as it is printed. All or nothing.

    A credit that was being checked is settled by it. What has got a credit meanwhile, or is not the editor's to
    change, stays as it is. Pages that show them are pressed anew at once; the files, which carry the credit too,
    follow in the background. Returns the keys of those that were changed.
    """
    mine = policy_registry.get_by_type(NewsImage).instances_user_has_any_permission_for(editor, ["change"])
    done = []
    with transaction.atomic():
        waiting = pictures_to_credit().filter(pk__in=set(given) & set(mine.values_list("pk", flat=True)))
        for image in waiting.select_for_update():
            credit = " ".join(given[image.pk].split())[:255]
            if not credit:
                continue
            image.credit, image.credit_pending = credit, False
            image.save(update_fields=["credit", "credit_pending"])
            log(instance=image, action="wagtail.edit", user=editor)
            tasks.picture_prepared.enqueue(image.pk, remake=True)
            done.append(image.pk)
    return done


def pictures_complete(*, story: StoryPage) -> list[NewsRendition]:
    """Make all that is still missing of a published story's pictures: every width, the crops for machines, AVIF."""
    is_recent = (story.first_published_at or timezone.now()) > timezone.now() - RECENT
    made = []
    for image, uses in pictures_of(story).items():
        made += _make(image, _specs(image, uses, needed_only=not is_recent))
        crops = [use for use in uses if not use.needed]
        made += _make(image, _specs(image, crops))
        _forget_old_crops(image)
    return made


def mark_prepare(*, image: NewsImage | None, uses: Iterable[places.Use] = places.AS_LOGO) -> None:
    """Make what the frame shows of the newsroom's own marks (logo, icon), or of a portrait."""
    if image is not None:
        _make(image, _specs(image, uses))


def picture_remake(*, image: NewsImage) -> int:
    """Make every stored rendition anew, after its credit or terms changed: they are written into each file.

    The new file has a name of its own and takes over in one step; the old one goes after the commit.
    """
    count = 0
    for rendition in image.renditions.all():
        try:
            file = rendition_file(image, rendition.filter_spec)
        except OSError:
            logger.warning("The original of picture %s cannot be read; its renditions stay as they are.", image.pk)
            return count
        old, storage = rendition.file.name, rendition.file.storage
        with transaction.atomic():
            refresh(keys={image.press_key})
            rendition.file.save(file.name or "", file, save=True)
            rendition.purge_from_cache()
            if rendition.file.name != old:
                transaction.on_commit(lambda old=old, storage=storage: storage.delete(old))  # type: ignore[misc]
        count += 1
    return count


def _specs(
    image: NewsImage, uses: Iterable[places.Use], *, needed_only: bool = False, without_avif: bool = False
) -> list[str]:
    return [spec for use in uses for spec in use.specs_for(image, needed_only=needed_only, without_avif=without_avif)]


def _make(image: NewsImage, specs: list[str]) -> list[NewsRendition]:
    try:
        return renditions_make(image=image, specs=specs)
    except (OSError, ValueError, SyntaxError) as error:
        logger.warning("Picture %s cannot be shown: its original cannot be read (%s).", image.pk, error)
        return []


def _forget_old_crops(image: NewsImage) -> None:
    """Crops round a focal point that has moved since; their files go with them."""
    for rendition in image.renditions.filter(filter_spec__startswith="fill-"):
        if rendition.focal_point_key != focal_key(image, rendition.filter_spec):
            with transaction.atomic():
                rendition.delete()
                refresh(keys={image.press_key})


def renditions_withdraw(*, story: StoryPage) -> int:
    """Take the public files of a withdrawn story's pictures away, except where another page shows them.

    Part of withdrawing: the files are gone right after the commit. Publishing again makes them anew, from the
    originals. Returns how many files.
    """
    return sum(
        renditions_take_away(image=image) for image in pictures_of(story) if not _is_shown_elsewhere(image, story)
    )


def page_pictures(*, page: Page, shown: Iterable[NewsImage], before: Iterable[NewsImage]) -> int:
    """See to the pictures of a page that keeps no versions, such as a standing page. Part of its save's transaction.

    shown: what readers see on it from now on, nothing while it is not public; before: what they saw until now. The
    public files of what has gone go right after the commit, unless another page shows it; what has come and lacks files
    gets them in the background. Returns how many files went.
    """
    now = {image.pk: image for image in shown}
    old = {image.pk: image for image in before}
    gone = [image for pk, image in old.items() if pk not in now]
    count = sum(renditions_take_away(image=image) for image in gone if not _is_shown_elsewhere(image, page))
    for pk, image in now.items():
        if pk not in old and missing_specs(image, _specs(image, places.IN_TEXT, needed_only=True)):
            tasks.picture_prepared.enqueue(pk)
    return count


def renditions_take_away(*, image: NewsImage) -> int:
    """Take all public files of a picture away, right after the commit. Returns how many."""
    files = [(rendition.file.storage, rendition.file.name) for rendition in image.renditions.all()]
    image.renditions.all().delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    refresh(keys={image.press_key}, urgent=True)
    return len(files)


def original_put_aside(*, image: NewsImage) -> str:
    """Let nothing be made of a picture any more: its original moves to a name that it does not know. Returns that.

    The file moves at once: should the transaction fail, `original_put_back` brings it back.
    """
    storage, name = image.file.storage, image.file.name
    aside = f"pictures/withheld-{secrets.token_urlsafe(16)}"
    if name and storage.exists(name):
        with storage.open(name) as file:
            aside = storage.save(aside, file)
        transaction.on_commit(partial(storage.delete, name), robust=True)
    return aside


def original_put_back(*, image: NewsImage, aside: str) -> None:
    """Give a picture its original back; its renditions are made anew when a story shows it."""
    storage, name = image.file.storage, image.file.name
    if name and aside and storage.exists(aside):
        with storage.open(aside) as file:
            storage.delete(name)
            storage.save(name, file)
        transaction.on_commit(partial(storage.delete, aside), robust=True)


def _is_shown_elsewhere(image: NewsImage, page: Page) -> bool:
    live = StoryPage.objects.filter(live=True).exclude(pk=page.pk)
    if live.filter(lead_image=image).exists():
        return True
    # Who else holds it: pages with it in their text, portraits, the newsroom's marks.
    held = ReferenceIndex.get_references_to(image)
    pages = set(
        Page.objects.filter(live=True)
        .exclude(pk=page.pk)
        .values_list("pk", flat=True)
        .filter(pk__in=[int(row.object_id) for row in held if row.object_id.isdigit()])
    )
    page_types = {kind.pk for kind in ContentType.objects.get_for_models(*get_page_models()).values()}
    return any(row.base_content_type_id not in page_types or int(row.object_id) in pages for row in held)
