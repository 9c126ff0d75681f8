"""What was changed then: columns and rows, the length of a text, an index and constraints."""

from django.db import migrations, models


def label(apps, schema_editor):
    apps.get_model("bank", "Kind").objects.create(label="of-a-migration", rank=3)


def unlabel(apps, schema_editor):
    apps.get_model("bank", "Kind").objects.filter(label="of-a-migration").delete()


class Migration(migrations.Migration):
    dependencies = [("bank", "0002_names_and_types")]
    operations = [
        migrations.AddField("kind", "rank", models.PositiveSmallIntegerField(default=0)),
        migrations.AlterField("owner", "name", models.CharField(db_index=True, max_length=80)),
        migrations.AddField("owner", "notes", models.TextField(blank=True, default="")),
        migrations.AddField("movement", "share", models.FloatField(null=True)),
        migrations.RemoveIndex("movement", "movement_latest"),
        migrations.AddIndex("movement", models.Index(fields=["account", "-at"], name="movement_newest")),
        migrations.AddConstraint(
            "account", models.CheckConstraint(condition=models.Q(balance__gte=-1000), name="overdraft")
        ),
        migrations.AddConstraint(
            "account",
            models.UniqueConstraint(condition=models.Q(active=True), fields=["owner", "currency"], name="one_active"),
        ),
        migrations.RunPython(label, unlabel),
        migrations.RunSQL("delete from bank_kind where rank = 3", migrations.RunSQL.noop),
    ]
