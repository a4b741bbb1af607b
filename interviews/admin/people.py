"""People in the admin, with what the trail and the choosing of candidates need of interviews."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import UserAdmin
from accounts.models import User
from interviews.admin.audited import Audited

admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(Audited, UserAdmin):
    """The admin of accounts, audited; whom an interview is assigned to is chosen among candidates."""

    audited_actions = ("disable", "enable")
    audits_deletions = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if request.GET.get("model_name") == "interviewsession":
            queryset = queryset.filter(pk__in=User.objects.candidates())
        return super().get_search_results(request, queryset, search_term)
