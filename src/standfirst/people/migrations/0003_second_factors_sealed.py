"""Second factors that lie open in the database are sealed with the newsroom's secret key."""

from django.db import migrations

from standfirst.people import sealing


def _each(apps, act):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for authenticator in Authenticator.objects.filter(type__in=["totp", "recovery_codes"]).iterator():
        data = sealing.resealed(authenticator.data, act)
        if data != authenticator.data:
            authenticator.data = data
            authenticator.save(update_fields=["data"])


def seal(apps, schema_editor):
    _each(apps, lambda text: text if text.startswith(sealing.MARK) else sealing.seal(text))


def unseal(apps, schema_editor):
    _each(apps, sealing.unseal)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_initial"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, unseal)]
