from django.db import migrations
from django.db.models import OuterRef, Subquery


def move(apps, schema_editor):
    entry = apps.get_model("corrections", "Correction")
    text = apps.get_model("corrections", "CorrectionText")
    text.objects.update(salt=Subquery(entry.objects.filter(pk=OuterRef("correction_id")).values("salt")[:1]))
    line = apps.get_model("corrections", "Amendment")
    words = apps.get_model("corrections", "AmendmentText")
    words.objects.bulk_create(
        (
            words(amendment_id=pk, text=said, salt=salt)
            for pk, said, salt in line.objects.exclude(text="").values_list("pk", "text", "salt")
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("corrections", "0005_withholding"),
    ]

    operations = [migrations.RunPython(move)]
