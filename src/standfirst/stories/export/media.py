"""Pictures and files: the bytes, and beside each a JSON file with what belongs to it.

A public export holds the pictures that readers can see, without what cameras wrote into them; a private one holds every
original as it was handed in.
"""

from __future__ import annotations

import contextlib
import re
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.storage import storages
from django.db.models import Q, QuerySet
from PIL import ExifTags, Image
from wagtail.models import Collection

from standfirst.kit import iptc
from standfirst.kit.bare import NotKnown, bare
from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop, moment
from standfirst.press.services import refresh
from standfirst.stories import tasks
from standfirst.stories.export.page import document_file
from standfirst.stories.models import NewsDocument, NewsImage
from standfirst.stories.pictures.renditions import public_facts, upright, upright_size

PICTURES, FILES = "media/pictures/", "media/files/"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
FORMATS = frozenset({"JPEG", "MPO", "PNG", "WEBP", "GIF", "AVIF"})
MOST_PIXELS = 120_000_000
# An import may be run on any machine: what is larger was never taken in by the desk.
MOST_BYTES = 200 * 1024**2
_ORIGINAL = re.compile(r"pictures/[A-Za-z0-9_-]{10,40}\.[a-z0-9]{2,5}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{10,40}")


def picture_file(image: NewsImage) -> str:
    """Where a picture's file lies in the export."""
    suffix = PurePosixPath(image.file.name or "").suffix.lower()
    return f"{PICTURES}{image.pk}{suffix if suffix in SUFFIXES else '.bin'}"


def _pictures(out: Out) -> QuerySet[NewsImage]:
    rows = NewsImage.objects.order_by("pk")
    return rows if out.private else rows.filter(pk__in=sorted(out.shown("picture")))


def things(private: bool) -> int:
    return NewsImage.objects.count() + NewsDocument.objects.count()


def holds() -> dict[str, int]:
    return {"pictures": NewsImage.objects.count(), "files": NewsDocument.objects.count()}


def before() -> None:
    """Wagtail finds a file's size and digest when a page first asks for them, and writes them down."""
    for document in NewsDocument.objects.filter(Q(file_size=None) | Q(file_hash="")):
        with contextlib.suppress(OSError):
            document.get_file_size()
            document.get_file_hash()


def write(out: Out) -> None:
    for image in _in_parts(NewsImage, _pictures(out)):
        out.json(f"{PICTURES}{image.pk}.json", _picture(image, private=out.private))
        name = picture_file(image)
        source = Path(image.file.path)
        if out.private:
            out.file(name, source)
        else:
            _write_bare(out, name, image, source)
        out.count("pictures")
    documents = NewsDocument.objects.order_by("pk")
    for document in _in_parts(NewsDocument, documents):
        if out.private or document.pk in out.shown("document"):
            out.json(f"{FILES}{document.pk}.json", _document(document, private=out.private))
            out.file(document_file(document), Path(document.file.path))
            out.count("files")


def _in_parts(model: Any, rows: QuerySet[Any]) -> Any:
    """A few at a time: a long list of numbers does not fit into one question."""
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), 200):
        yield from model.objects.filter(pk__in=pks[start : start + 200]).order_by("pk").prefetch_related("tags")


def _write_bare(out: Out, name: str, image: NewsImage, source: Path) -> None:
    try:
        data = source.read_bytes()
    except OSError:
        out.missing(f"{name}: its original is not in the media folder.")
        return
    try:
        out.data(name, bare_picture(image, data))
    except Exception as error:  # whatever a damaged file makes the library raise, the export goes on without it
        out.missing(f"{name}: its original cannot be read ({error}).")


def bare_picture(image: NewsImage, data: bytes) -> bytes:
    """A picture's file for everybody: the same pixels, and of all that was written into it what its renditions say."""
    with Image.open(BytesIO(data)) as opened:
        turned = int(opened.getexif().get(ExifTags.Base.Orientation) or 1)
        packet = iptc.packet(public_facts(image, iptc.read_facts(opened)))
        try:
            return bare(data, packet=packet, orientation=turned if 1 <= turned <= 8 else 1)
        except NotKnown:
            if opened.format == "AVIF" and not {"exif", "xmp"} & set(opened.info):
                return data
            made = BytesIO()
            upright(opened).save(made, "AVIF" if opened.format == "AVIF" else "PNG")
            return made.getvalue()


def _picture(image: NewsImage, *, private: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": image.pk,
        "file": picture_file(image).rpartition("/")[2],
        "stored_as": image.file.name,
        # Of the file as it was handed in; a public version names a picture by it.
        "sha1_of_original": image.file_hash,
        "width": image.width,
        "height": image.height,
        "title": image.title,
        "description": image.description,
        "credit": image.credit,
        "credit_pending": image.credit_pending,
        "source_kind": image.source_kind,
        "taken_on": image.taken_on,
        "taken_place": image.taken_place,
        "licence": image.licence,
        "licence_url": image.licence_url,
        "may_be_passed_on": image.may_be_passed_on,
        "is_imported": image.is_imported,
        "focal_point": [
            image.focal_point_x,
            image.focal_point_y,
            image.focal_point_width,
            image.focal_point_height,
        ]
        if image.focal_point_x is not None
        else None,
        "created_at": moment(image.created_at),
    }
    if private:
        found["tags"] = sorted(tag.name for tag in image.tags.all())
    return found


def _document(document: NewsDocument, *, private: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": document.pk,
        "file": document_file(document).removeprefix(FILES),
        "stored_as": document.file.name,
        "sha1": document.file_hash,
        "title": document.title,
        "source": document.source,
        "created_at": moment(document.created_at),
    }
    if private:
        found["tags"] = sorted(tag.name for tag in document.tags.all())
    return found


def read(inward: In) -> None:
    """Take the pictures and files in; what pages need of them is made in the background."""
    collection = Collection.get_first_root_node()
    for name in inward.names(PICTURES, ".json"):
        _read_picture(inward, Fields(inward.json(name), name), collection)
    for name in inward.names(FILES, ".json"):
        if name.count("/") == 2:
            _read_document(inward, Fields(inward.json(name), name), collection)
    refresh(keys={"pictures"})


def _read_picture(inward: In, said: Fields, collection: Collection) -> None:
    pk = said.number("id")
    stored_as = said.needed("stored_as", 100)
    if not _ORIGINAL.fullmatch(stored_as):
        raise BadExport(
            gettext_noop("%(where)s: “stored_as” should be a name such as pictures/AbCdEfGhIj.jpg."), where=said.where
        )
    if said.needed("file", 60) != f"{pk}{PurePosixPath(said.text('file')).suffix}":
        raise BadExport(
            gettext_noop("%(where)s: “file” should be the number of the picture and an ending."), where=said.where
        )
    file = PICTURES + said.text("file")
    if pk in inward.known("picture"):
        raise BadExport(
            gettext_noop("%(where)s: another picture has the number %(pk)s already."), where=said.where, pk=pk
        )
    if not inward.has(file):
        inward.note(
            gettext_noop("Picture %(pk)s (%(title)s) has no file in the export and was left out."),
            pk=pk,
            title=said.text("title", 255),
        )
        return
    source = inward.file(file)
    width, height = _size(source, file)
    image = NewsImage(
        pk=pk,
        collection=collection,
        file=stored_as,
        width=width,
        height=height,
        file_size=source.stat().st_size,
        file_hash=said.text("sha1_of_original", 40),
        title=said.text("title", 255),
        description=said.text("description", 255),
        credit=said.text("credit", 255),
        credit_pending=said.flag("credit_pending"),
        source_kind=said.choice("source_kind", NewsImage.SourceKind.values, NewsImage.SourceKind.OWN),
        taken_on=said.text("taken_on", 40),
        taken_place=said.text("taken_place", 150),
        licence=said.text("licence", 120),
        licence_url=said.link("licence_url", 200),
        may_be_passed_on=said.flag("may_be_passed_on"),
        is_imported=said.flag("is_imported"),
    )
    point = said.items("focal_point") if said.any("focal_point") is not None else None
    if point is not None:
        if len(point) != 4 or not all(isinstance(one, int | None) and (one or 0) in range(100_000) for one in point):
            raise BadExport(gettext_noop("%(where)s: “focal_point” should be four numbers, or null."), where=said.where)
        image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = point
    # By the table alone: the model would ask the file what it says of itself, and the desk's word goes before.
    NewsImage.objects.bulk_create([image])
    NewsImage.objects.filter(pk=pk).update(created_at=said.moment("created_at") or image.created_at)
    if said.items("tags"):
        image.tags.add(*said.texts("tags", 100))
    inward.put(source, Path(storages["originals"].path(stored_as)))
    inward.known("picture").add(pk)
    inward.count("pictures")
    tasks.picture_prepared.enqueue(pk)


def _size(source: Path, name: str) -> tuple[int, int]:
    """Width and height of a picture that is one. Raises BadExport."""
    try:
        if source.stat().st_size > MOST_BYTES:
            raise BadExport(
                gettext_noop("%(name)s is larger than %(limit)s MB. Save it smaller, or take it out."),
                name=name,
                limit=MOST_BYTES // 1024**2,
            )
        with Image.open(source) as opened:
            opened.verify()
        with Image.open(source) as opened:
            size = upright_size(opened)
            if opened.format not in FORMATS or opened.width * opened.height > MOST_PIXELS:
                raise BadExport(
                    gettext_noop("%(name)s is no picture of a kind and size that we show. Take it out."), name=name
                )
    except BadExport:
        raise
    except Exception as error:  # a hostile file may make the library raise anything
        raise BadExport(
            gettext_noop("%(name)s is damaged or no picture. Export again, or take it out."), name=name
        ) from error
    return size


def _read_document(inward: In, said: Fields, collection: Collection) -> None:
    pk = said.number("id")
    stored_as, file = said.needed("stored_as", 250), FILES + said.needed("file", 200)
    parts = stored_as.split("/")
    if len(parts) != 3 or parts[0] != "files" or not _TOKEN.fullmatch(parts[1]) or not _is_plain(parts[2]):
        raise BadExport(
            gettext_noop("%(where)s: “stored_as” should be a name such as files/AbCdEfGhIj/ruling.pdf."),
            where=said.where,
        )
    if file != f"{FILES}{pk}/{parts[2]}":
        raise BadExport(
            gettext_noop("%(where)s: “file” should be %(pk)s/%(name)s."), where=said.where, pk=pk, name=parts[2]
        )
    if pk in inward.known("document"):
        raise BadExport(gettext_noop("%(where)s: another file has the number %(pk)s already."), where=said.where, pk=pk)
    if not inward.has(file):
        inward.note(
            gettext_noop("File %(pk)s (%(title)s) is not in the export and was left out."),
            pk=pk,
            title=said.text("title", 255),
        )
        return
    source = inward.file(file)
    document = NewsDocument(
        pk=pk,
        collection=collection,
        file=stored_as,
        file_size=source.stat().st_size,
        file_hash=said.text("sha1", 40),
        title=said.text("title", 255),
        source=said.text("source", 255),
    )
    NewsDocument.objects.bulk_create([document])
    NewsDocument.objects.filter(pk=pk).update(created_at=said.moment("created_at") or document.created_at)
    if said.items("tags"):
        document.tags.add(*said.texts("tags", 100))
    inward.put(source, Path(storages["default"].path(stored_as)))
    inward.known("document").add(pk)
    inward.count("files")


def _is_plain(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not set(name) & set("/\\\0") and name.isprintable()
