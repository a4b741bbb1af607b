"""The outbox in the admin: to look at, and to send something again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_links import PermittedLinks
from accounts.models import Mail


@admin.register(Mail)
class MailAdmin(PermittedLinks, admin.ModelAdmin[Mail]):
    """What was or is to be sent. There is no text to read: it is made when a mail is sent."""

    list_display = ("queued_at", "to", "template", "state", "attempts", "last_status", "sent_at")
    list_filter = ("state", "template")
    list_select_related = ("recipient",)
    search_fields = ("address", "recipient__email")
    date_hierarchy = "queued_at"
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.resend_mail")

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, mail: QuerySet[Mail]) -> None:
        done = Mail.objects.filter(pk__in=mail.values("pk")).send_again()
        told = ngettext("%(n)d mail will be sent again.", "%(n)d mails will be sent again.", done)
        messages.success(request, told % {"n": done})
