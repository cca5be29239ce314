from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Whom no mail has reached is asked for on every look at the queue."""

    dependencies = [("corrections", "0003_what_came_lately")]

    operations = [
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["case"], condition=Q(told_at=None) & ~Q(reply_to=""), name="not_told_yet"),
        ),
    ]
