from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0007_salt_moves"),
    ]

    operations = [migrations.RemoveField(model_name="publicversion", name="salt")]
