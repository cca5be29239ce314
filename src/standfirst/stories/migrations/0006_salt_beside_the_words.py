"""The salt of a version lies with its words, and goes with them when they are withheld."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0005_kept_from_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="versiontext",
            name="is_masked",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="versiontext",
            name="salt",
            field=models.BinaryField(default=b"", max_length=16),
        ),
    ]
