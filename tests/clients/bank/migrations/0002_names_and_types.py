"""The name of a column and the type of another, which Bourse changes outside of transactions only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("bank", "0001_initial")]
    operations = [
        migrations.RenameField("owner", "title", "name"),
        migrations.AlterField("movement", "amount", models.DecimalField(decimal_places=2, max_digits=12)),
    ]
