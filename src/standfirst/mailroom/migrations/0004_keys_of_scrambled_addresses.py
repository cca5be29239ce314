from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0003_offered_under_stories")]

    operations = [
        migrations.CreateModel(
            name="ScrambleKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
            ],
            options={
                "verbose_name": "key of scrambled addresses",
                "verbose_name_plural": "keys of scrambled addresses",
                "ordering": ["pk"],
            },
        ),
    ]
