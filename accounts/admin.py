"""People in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.erasing import StillNeeded, erase_person
from accounts.lockout import forgive
from accounts.mail_admin import MailAdmin
from accounts.models import FORMER_USER, User, normalise_email
from accounts.requests import user_of

__all__ = ["FailedSignInAdmin", "GroupAdmin", "MailAdmin", "UserAdmin"]

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
PEOPLE = "admin:accounts_user_changelist"

admin.site.unregister([Group, AccessAttempt, OutstandingToken, BlacklistedToken])


class CleanEmail:
    """Stores an address in its one spelling, so that `A@x.org` and `a@x.org` are one account."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class UserAddForm(CleanEmail, AdminUserCreationForm[User]):
    """Make an account for somebody."""

    class Meta:
        model = User
        fields = ("email", "full_name", "language")


class UserEditForm(CleanEmail, UserChangeForm[User]):
    """Change somebody's account."""

    class Meta:
        model = User
        fields = forms.ALL_FIELDS


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Give somebody a new password; it works at once."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        forgive(user)
        return user


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Accounts: who may sign in, and as what."""

    form = UserEditForm
    add_form = UserAddForm
    change_password_form = PasswordForm
    ordering = ("email",)
    list_display = ("email", "full_name", "is_staff", "is_active", "language", "date_joined")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("email", "full_name")
    readonly_fields = ("date_joined", "last_login")
    date_hierarchy = "date_joined"
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name", "language", "time_zone")}),
        ("Rights", {"fields": ("is_active", *RIGHTS)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    "full_name",
                    "language",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )
    actions = ("disable", "enable", "delete_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).exclude(email=FORMER_USER)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Leave the password, with its link to a new one, to those who may change it."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        (title, first), *others = fieldsets
        fields = tuple(name for name in first["fields"] if name != "password")
        return [(title, {"fields": fields}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Let nobody but a superuser hand out rights."""
        fixed = () if user_of(request).is_superuser else RIGHTS
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        mine = User.objects.managed_by(user_of(request))
        is_mine = obj is None or mine.filter(pk=obj.pk).exists()
        return is_mine and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        mine = User.objects.deletable_by(user_of(request))
        is_mine = obj is None or mine.filter(pk=obj.pk).exists()
        return is_mine and super().has_delete_permission(request, obj)

    @admin.action(
        description=gettext_lazy("Disable: sign out, and refuse to sign in"), permissions=["change"]
    )
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        me = user_of(request)
        mine = users.filter(pk__in=User.objects.managed_by(me).values("pk"))
        others = list(mine.exclude(pk=me.pk))
        for person in others:
            person.disable()
        told = _("%(done)d disabled. Your own account is left alone.")
        messages.success(request, told % {"done": len(others)})

    @admin.action(
        description=gettext_lazy("Enable: allow to sign in again"), permissions=["change"]
    )
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        mine = users.filter(pk__in=User.objects.managed_by(user_of(request)).values("pk"))
        messages.success(request, _("%(done)d enabled.") % {"done": mine.update(is_active=True)})

    @admin.action(description=gettext_lazy("Delete selected users"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """Delete people as the service does; all of them, or none if one is still needed."""
        try:
            return delete_selected(self, request, users)
        except StillNeeded as error:
            messages.error(request, str(error))
            return None

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except StillNeeded as error:
            messages.error(request, str(error))
            return redirect(PEOPLE)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Name the people; what goes with them is the service's decision."""
        people = list(objs)
        lacking = {"user" for one in people if not self.has_delete_permission(request, one)}
        return [str(one) for one in people], {"users": len(people)}, lacking, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase_person(person=obj, actor=user_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        with transaction.atomic():
            for person in queryset:
                erase_person(person=person, actor=user_of(request))


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups of rights; who could change one could give themselves any right, so only superusers do."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return user_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return user_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return user_of(request).is_superuser


@admin.register(AccessAttempt)
class FailedSignInAdmin(AccessAttemptAdmin):  # type: ignore[misc]
    """Failed sign-ins; old ones are cleaned up by those who may delete them."""

    @admin.action(description=gettext_lazy("Clean up expired attempts"), permissions=["delete"])
    def cleanup_expired_attempts(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().cleanup_expired_attempts(request, queryset)
