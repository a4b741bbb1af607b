"""The trail of deeds in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_links import PermittedLinks
from accounts.requests import user_of
from interviews.admin.read_only import ReadOnly
from interviews.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(PermittedLinks, ReadOnly, admin.ModelAdmin[AuditEvent]):
    """Who did what to what; only to be read."""

    list_display = ("created_at", "actor_label", "action", "target", "detail")
    list_filter = ("action",)
    search_fields = ("actor_label", "target", "detail")
    date_hierarchy = "created_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.visible_to(user_of(request))
