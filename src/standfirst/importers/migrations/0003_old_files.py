from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('importers', '0002_moves'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importeditem',
            name='kind',
            field=models.CharField(help_text='post, page, picture, file, upload, attachment, section, tag, author, awaited.', max_length=20, verbose_name='kind'),
        ),
    ]
