"""Words and salts of lines on record lie apart, and what is withheld of the paper, with the words until they go."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('corrections', '0004_not_told_yet'),
        ('stories', '0006_salt_beside_the_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AmendmentText',
            fields=[
                ('amendment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='corrections.amendment')),
                ('text', models.TextField(blank=True, default='', max_length=1000, verbose_name='text')),
                ('salt', models.BinaryField(default=b'', max_length=16)),
                ('is_masked', models.BooleanField(default=False, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='WithholdingRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wants_second', models.BooleanField(default=True, verbose_name='a second person confirms')),
                ('days', models.PositiveSmallIntegerField(default=14, verbose_name='days until what is withheld is destroyed')),
            ],
        ),
        migrations.AddField(
            model_name='correctiontext',
            name='is_masked',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='correctiontext',
            name='salt',
            field=models.BinaryField(default=b'', max_length=16),
        ),
        migrations.CreateModel(
            name='WithheldOriginal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=60)),
                ('row', models.PositiveBigIntegerField()),
                ('said', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'row'), name='withheld_row_once')],
            },
        ),
        migrations.CreateModel(
            name='Withholding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('story', 'The whole story'), ('version', 'One version'), ('words', 'Some words'), ('picture', 'A picture'), ('note', 'A note')], max_length=7, verbose_name='what')),
                ('category', models.CharField(choices=[('danger', 'danger to a person'), ('court', 'decision of a court'), ('accident', 'published by accident'), ('privacy', 'privacy of a person'), ('other', 'another reason')], max_length=8, verbose_name='why')),
                ('picture', models.PositiveIntegerField(blank=True, null=True)),
                ("kept_as", models.CharField(blank=True, default="", max_length=200)),
                ('words', models.JSONField(blank=True, default=list)),
                ('reason', models.TextField(blank=True, default='', max_length=2000, verbose_name='for colleagues')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='withheld')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='destroyed')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withholding', to='corrections.correction')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corrections.amendment')),
                ('note_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corrections.correction')),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withholdings', to='stories.storypage', verbose_name='story')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stories.publicversion')),
            ],
            options={
                'verbose_name': 'withholding',
                'verbose_name_plural': 'withholdings',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='WithheldReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_whole', models.BooleanField(default=False)),
                ('fields', models.JSONField(default=list)),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='corrections.withheldoriginal')),
                ('withholding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='corrections.withholding')),
            ],
        ),
        migrations.AddIndex(
            model_name='withholding',
            index=models.Index(fields=['story', 'kind'], name='withheld_of_story'),
        ),
        migrations.AddConstraint(
            model_name='withholding',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_at', None), ('destroyed_at', None), _connector='OR'), name='withheld_lifted_or_destroyed'),
        ),
        migrations.AddConstraint(
            model_name='withheldreach',
            constraint=models.UniqueConstraint(fields=('withholding', 'original'), name='withheld_reach_once'),
        ),
    ]
