"""People in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User, normalise_email
from accounts.requests import user_of


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


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Accounts: who may sign in, and as what."""

    form = UserEditForm
    add_form = UserAddForm
    ordering = ("email",)
    list_display = ("email", "full_name", "is_staff", "is_active", "language", "date_joined")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("email", "full_name")
    readonly_fields = ("date_joined", "last_login")
    date_hierarchy = "date_joined"
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name", "language", "time_zone")}),
        (
            "Rights",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
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
    actions = ("disable", "enable")

    @admin.action(description="Disable: sign out, and refuse to sign in")
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        done = users.exclude(pk=user_of(request).pk).update(is_active=False)
        messages.success(request, f"{done} disabled. Your own account is left alone.")

    @admin.action(description="Enable: allow to sign in again")
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        messages.success(request, f"{users.update(is_active=True)} enabled.")
