"""Ghost exports for tests: the real one, small ones of invented words, and a reader that shares nothing with ours."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import lzma
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfirst.importers.command import run

REAL = Path(__file__).parent / "data" / "ghost-export.json.xz"
WHEN = "2024-11-04T08:30:00.000Z"


def move_in(file: Path | list[Path], media: Path | None = None, **options: Any) -> dict[str, Any]:
    """The import's report; fails the test when it was refused."""
    out, err = io.StringIO(), io.StringIO()
    code = run(source="ghost", file=file, media=media, json=True, options=options, out=out, err=err)
    assert code == 0, err.getvalue()
    return json.loads(out.getvalue())


def refused(file: Path | list[Path], **options: Any) -> str:
    """The sentence with which an import is refused; fails the test when it was not."""
    out, err = io.StringIO(), io.StringIO()
    code = run(source="ghost", file=file, json=True, options=options, out=out, err=err)
    assert code == 1, out.getvalue()[:500]
    assert out.getvalue() == ""
    return err.getvalue().strip()


# Small exports.


def words(text: str, format: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": text, "format": format, "detail": 0, "mode": "normal", "style": ""}


def node(kind: str, *children: Any, **more: Any) -> dict[str, Any]:
    inside = [words(child) if isinstance(child, str) else child for child in children]
    return {"type": kind, "children": inside, "version": 1, "format": "", "indent": 0, **more}


def card(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "version": 1, **more}


def lexical(*children: Any) -> str:
    blocks = [node("paragraph", child) if isinstance(child, str) else child for child in children]
    return json.dumps({"root": node("root", *blocks)}, ensure_ascii=False)


def post(number: int, title: str = "A bridge is closed", **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number:024x}",
        "uuid": f"00000000-0000-4000-8000-{number:012d}",
        "title": title,
        "slug": f"post-{number}",
        "lexical": None if {"mobiledoc", "html"} & set(more) else lexical(f"Words of {number}."),
        "mobiledoc": None,
        "html": None,
        "plaintext": None,
        "feature_image": None,
        "featured": 0,
        "type": "post",
        "status": "published",
        "visibility": "public",
        "created_at": WHEN,
        "updated_at": WHEN,
        "published_at": WHEN,
        "custom_excerpt": None,
        **more,
    }


TAGS = (("World", "world"), ("Harbour", "harbour"), ("#internal", "hash-internal"), ("#uk", "hash-uk"))
USERS = (("Олена Приклад", "olena"), ("Ivan Example", "ivan"))


def data(*posts: dict[str, Any], tags: dict[int, list[str]] | None = None, **tables: Any) -> dict[str, Any]:
    """What stands in `data`: the posts, and a few tags and people. tags: a post's number → slugs of its tags."""
    of = tags if tags is not None else {int(one["id"], 16): ["world"] for one in posts}
    numbers = {slug: f"{900 + index:024x}" for index, (_name, slug) in enumerate(TAGS)}
    return {
        "posts": list(posts),
        "posts_tags": [
            {"id": "x", "post_id": f"{number:024x}", "tag_id": numbers[slug], "sort_order": order}
            for number, slugs in of.items()
            for order, slug in reversed(list(enumerate(slugs)))
        ],
        "posts_authors": [
            {"id": "x", "post_id": one["id"], "author_id": f"{800:024x}", "sort_order": 0} for one in posts
        ],
        "tags": [
            {
                "id": numbers[slug],
                "name": name,
                "slug": slug,
                "visibility": "internal" if name.startswith("#") else "public",
            }
            for name, slug in TAGS
        ],
        "users": [
            {"id": f"{800 + index:024x}", "name": name, "slug": slug, "password": "$2a$10$secret", "email": "x@y.z"}
            for index, (name, slug) in enumerate(USERS)
        ],
        "settings": [{"key": "title", "value": "Old Paper"}, {"key": "public_hash", "value": "abc123"}],
    } | tables


def written(file: Path, tables: dict[str, Any], *, version: str = "6.65.0", **form: Any) -> Path:
    whole = {"db": [{"meta": {"exported_on": 1, "version": version}, "data": tables}]}
    file.write_text(json.dumps(whole, **form), encoding="utf-8")
    return file


def sample(tmp_path: Path, plain_posts: int = 20) -> Path:
    """The real export cut down: everything special in it, and a few of its thousand plain posts."""
    whole = json.loads(lzma.decompress(REAL.read_bytes()))
    tables = whole["db"][0]["data"]
    usual = [one for one in tables["posts"] if one["slug"].startswith("article-0")]
    left_out = {one["id"] for one in usual[plain_posts:]}
    tables["posts"] = [one for one in tables["posts"] if one["id"] not in left_out]
    file = tmp_path / "sample.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


# The independent reader.


@dataclass(frozen=True)
class Seen:
    """A post as the independent reader sees it: from Ghost's own HTML, never from Lexical."""

    key: str
    title: str
    slug: str
    uuid: str
    authors: list[str]
    tags: list[str]
    published: dt.datetime
    text: str
    excerpt: str
    public: bool
    kind: str


def seen_in(file: Path) -> list[Seen]:
    """Every post and page of an export, read with the standard library's JSON and a few patterns."""
    content = file.read_bytes()
    if file.suffix == ".xz":
        content = lzma.decompress(content)
    tables = json.loads(content)["db"][0]["data"]
    names = {user["id"]: user["name"] for user in tables["users"]}
    tags = {tag["id"]: tag["name"] for tag in tables["tags"] if tag["visibility"] == "public"}

    by_post: dict[tuple[str, str], list[str]] = {}
    for table, key in (("posts_tags", "tag_id"), ("posts_authors", "author_id")):
        for row in sorted(tables[table], key=lambda row: row["sort_order"]):
            by_post.setdefault((table, row["post_id"]), []).append(row[key])
    return [
        Seen(
            key=row["id"],
            title=row["title"],
            slug=row["slug"],
            uuid=row["uuid"],
            authors=[names[key] for key in by_post.get(("posts_authors", row["id"]), [])],
            tags=[tags[key] for key in by_post.get(("posts_tags", row["id"]), []) if key in tags],
            published=dt.datetime.fromisoformat(row["published_at"] or row["created_at"]),
            text=plain(row["html"] or ""),
            excerpt=row["custom_excerpt"] or "",
            public=row["status"] == "published" and row["visibility"] == "public",
            kind=row["type"],
        )
        for row in tables["posts"]
    ]


def plain(text: str) -> str:
    """Words alone, without white space, so that only what is said is compared."""
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))
