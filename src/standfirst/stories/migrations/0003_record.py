"""The record: the chain of entries, the row that guards it, and an entry for every version there is."""

import hashlib

from django.db import migrations, models

from standfirst.kit.canonical import canonical_bytes, salted_digest

ROWS_AT_ONCE = 500


def chain_what_exists(apps, schema_editor):
    """In the order in which versions were frozen. As kit.chain says it on the day this was written."""
    from django.utils import timezone

    version_model = apps.get_model("stories", "PublicVersion")
    text_model = apps.get_model("stories", "VersionText")
    entry_model = apps.get_model("stories", "RecordEntry")
    noted = text_model.objects.exclude(note="").values_list("version_id", "note", "version__salt")
    for pk, note, salt in list(noted):
        digest = salted_digest(canonical_bytes(note), salt=bytes(salt))
        version_model.objects.filter(pk=pk).update(note_digest=digest)
    number, previous, rows, now = 0, "", [], timezone.now()
    at = now.isoformat()
    versions = version_model.objects.order_by("pk").values_list(
        "story_id", "number", "published_at", "label", "digest", "note_digest"
    )
    for story, version, published_at, label, digest, note_digest in versions.iterator(chunk_size=ROWS_AT_ONCE):
        number += 1
        said = {
            "story": story,
            "number": version,
            "published_at": published_at.isoformat(),
            "label": label,
            "digest": digest,
            "note_digest": note_digest,
        }
        entry = {
            "number": number,
            "kind": "version",
            "subject": f"{story}/{version}",
            "digest": hashlib.sha256(canonical_bytes(said)).hexdigest(),
            "at": at,
            "previous": previous,
        }
        entry_hash = hashlib.sha256(canonical_bytes(entry)).hexdigest()
        rows.append(entry_model(**{**entry, "at": now}, hash=entry_hash))
        previous = entry_hash
        if len(rows) == ROWS_AT_ONCE:
            entry_model.objects.bulk_create(rows, batch_size=100)
            rows = []
    entry_model.objects.bulk_create(rows, batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0002_labels_of_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicversion",
            name="note_digest",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="storypage",
            name="label_shown",
            field=models.CharField(
                blank=True,
                choices=[
                    ("typo", "Typo"),
                    ("correction", "Correction"),
                    ("clarification", "Clarification"),
                    ("update", "Update"),
                    ("editors-note", "Editor’s note"),
                    ("retraction", "Retraction"),
                ],
                default="",
                editable=False,
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="RecordEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("subject", models.CharField(db_index=True, max_length=60, verbose_name="subject")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("at", models.DateTimeField(verbose_name="recorded")),
                ("previous", models.CharField(blank=True, default="", max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("is_elsewhere", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "entry of the record",
                "verbose_name_plural": "entries of the record",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="RecordGuard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={"verbose_name": "guard of the record"},
        ),
        migrations.RunPython(chain_what_exists, migrations.RunPython.noop, elidable=True),
    ]
