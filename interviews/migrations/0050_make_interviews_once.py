from django.conf import settings
from django.db import migrations, models


def unlink_doubles(apps, schema_editor):
    """Keep one next version of each interview, a published one before drafts; the others stand by themselves."""
    Interview = apps.get_model("interviews", "Interview")
    followers = Interview.objects.exclude(previous_version=None).exclude(status="archived")
    seen = set()
    for one in followers.order_by("-status", "-pk").only("pk", "previous_version_id"):
        if one.previous_version_id in seen:
            Interview.objects.filter(pk=one.pk).update(previous_version=None)
        seen.add(one.previous_version_id)


class Migration(migrations.Migration):

    dependencies = [
        ("interviews", "0031_described_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="interview",
            name="request_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=128),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="interview",
            name="request_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(unlink_doubles, migrations.RunPython.noop),
    ]
