"""What a marker stands for in a story's drafts, until it is lifted or destroyed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("corrections", "0007_no_words_on_record")]

    operations = [
        migrations.AddField("withholding", "pieces", models.JSONField(blank=True, default=list)),
    ]
