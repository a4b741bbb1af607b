from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A rating has no pass: the passes of several raters stand in its provenance."""

    dependencies = [("interviews", "0090_extra_time")]

    operations = [
        migrations.RemoveConstraint("rating", "rating_once_per_criterion_and_pass"),
        migrations.RemoveField("rating", "pass_number"),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(
                fields=["turn", "criterion"],
                condition=Q(by_person=False),
                name="rating_once_per_criterion",
            ),
        ),
    ]
