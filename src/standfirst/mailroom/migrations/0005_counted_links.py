import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0004_keys_of_scrambled_addresses")]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="counts_links",
            field=models.BooleanField(default=False, verbose_name="how often links are followed is counted"),
        ),
        migrations.AddField(
            model_name="letter",
            name="counts_links",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=400)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="mailroom.letter"
                    ),
                ),
            ],
            options={
                "verbose_name": "counted link",
                "verbose_name_plural": "counted links",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "path"), name="mailroom_link_once_per_letter")
                ],
            },
        ),
    ]
