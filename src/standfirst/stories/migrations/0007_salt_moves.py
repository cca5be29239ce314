from django.db import migrations
from django.db.models import OuterRef, Subquery


def move(apps, schema_editor):
    version = apps.get_model("stories", "PublicVersion")
    text = apps.get_model("stories", "VersionText")
    text.objects.update(salt=Subquery(version.objects.filter(pk=OuterRef("version_id")).values("salt")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0006_salt_beside_the_words"),
    ]

    operations = [migrations.RunPython(move)]
