"""The tables as they were first."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Kind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.SlugField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Owner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=40)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('born', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('number', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('balance', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('settings', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('opened', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='bank.owner')),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9)),
                ('lasted', models.DurationField(null=True)),
                ('receipt', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='bank.account')),
                ('kinds', models.ManyToManyField(to='bank.kind')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['account', '-at'], name='movement_latest')],
            },
        ),
    ]
