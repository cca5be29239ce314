from django.db import migrations, models


class Migration(migrations.Migration):
    """A flood is told by what came within the hour."""

    dependencies = [("corrections", "0002_ready_answers")]

    operations = [
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["opened_at"], name="cases_opened_lately")
        ),
        migrations.AddIndex(
            model_name="suggestion", index=models.Index(fields=["received_at"], name="suggestions_come_lately")
        ),
    ]
