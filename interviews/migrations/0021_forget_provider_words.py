"""Takes the providers' own words out of old reasons: they could hold a key."""

import re

from django.db import migrations

ANSWERED = re.compile(r"( answered [0-9]+): .*", re.DOTALL)


def forget(apps, schema_editor):
    turns = apps.get_model("interviews", "Turn").objects.using(schema_editor.connection.alias)
    for turn in turns.filter(reason__contains=" answered ").only("reason").iterator():
        turn.reason = ANSWERED.sub(r"\1.", turn.reason)
        turn.save(update_fields=["reason"])


class Migration(migrations.Migration):
    dependencies = [("interviews", "0020_view_system")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
