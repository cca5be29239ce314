from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0002_three_mailings")]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="is_under_stories",
            field=models.BooleanField(default=False, verbose_name="offered under every story"),
        ),
    ]
