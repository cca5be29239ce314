from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("corrections", "0006_words_move"),
    ]

    operations = [
        migrations.RemoveField(model_name="amendment", name="salt"),
        migrations.RemoveField(model_name="amendment", name="text"),
        migrations.RemoveField(model_name="correction", name="salt"),
    ]
