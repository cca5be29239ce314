from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('importers', '0003_old_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='importeditem',
            name='changed_there',
            field=models.DateTimeField(help_text='Of a text: an export that says less is an older one.', null=True, verbose_name='last changed there'),
        ),
    ]
