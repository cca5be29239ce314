"""The mailings that a paper begins with. Nobody can subscribe before an editor has opened them."""

from django.db import migrations

BEGINNING = (("daily", "daily", 0), ("weekly", "weekly", 1), ("breaking", "by-hand", 2))


def begin(apps, schema_editor):
    Mailing = apps.get_model("mailroom", "Mailing")
    for key, rhythm, order in BEGINNING:
        Mailing.objects.get_or_create(key=key, defaults={"rhythm": rhythm, "sort_order": order})


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0001_mailings_and_outbox")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
