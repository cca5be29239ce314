from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0004_words_replaced_under_an_open_form'),
    ]

    operations = [
        migrations.AddField(
            model_name='storypage',
            name='kept_from_search',
            field=models.BooleanField(default=False, help_text="Search engines are asked to leave it out. It stays readable, and in the paper's own search.", verbose_name='kept from search engines'),
        ),
    ]
