from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ReadyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("kind", models.CharField(max_length=12, verbose_name="kind")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
            ],
            options={
                "verbose_name": "ready answer",
                "verbose_name_plural": "ready answers",
                "constraints": [models.UniqueConstraint(fields=("language", "kind"), name="ready_answer_once")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-decided_at", "-id"], name="decided_order"),
        ),
    ]
