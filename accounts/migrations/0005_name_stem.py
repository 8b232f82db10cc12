"""The name without its places, kept so that similar clients are found by an index."""

from django.db import migrations, models

BLOCK = 1000


def fill(apps, schema_editor):
    """Work the stem out for every client that is there."""
    from accounts.rules.names import name_without_places

    account = apps.get_model("accounts", "Account")
    block = []
    for row in account.objects.only("pk", "name").iterator(chunk_size=BLOCK):
        row.name_stem = name_without_places(row.name)
        block.append(row)
        if len(block) == BLOCK:
            account.objects.bulk_update(block, ["name_stem"])
            block = []
    account.objects.bulk_update(block, ["name_stem"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_order_without_join")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="name_stem",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
