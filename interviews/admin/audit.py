"""The trail of deeds in the admin."""

from django.contrib import admin

from interviews.admin.read_only import ReadOnly
from interviews.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin[AuditEvent]):
    """Who did what to what; only to be read."""

    list_display = ("created_at", "actor_label", "action", "target", "detail")
    list_filter = ("action",)
    search_fields = ("actor_label", "target", "detail")
    date_hierarchy = "created_at"
    show_full_result_count = False
