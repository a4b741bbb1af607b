"""The people who use the interviewer."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is stored and looked up."""
    return email.strip().lower()


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone like Europe/Berlin or UTC.")


class UserQuerySet(models.QuerySet["User"]):
    """Vocabulary for looking people up."""

    def visible_to(self, user: User) -> UserQuerySet:
        return self if user.is_staff else self.filter(pk=user.pk)

    def candidates(self) -> UserQuerySet:
        return self.filter(is_active=True, is_staff=False)


class UserManager(BaseUserManager["User"]):
    """Makes users whose e-mail address is their login."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def candidates(self) -> UserQuerySet:
        return self.get_queryset().candidates()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a candidate, or staff who set up interviews."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        GERMAN = "de", "Deutsch"
        SPANISH = "es", "Español"
        FRENCH = "fr", "Français"

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    full_name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_staff = models.BooleanField("staff", default=False)
    is_active = models.BooleanField("active", default=True)
    signed_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_ignoring_case"),
            models.CheckConstraint(
                condition=models.Q(language__in=["en", "de", "es", "fr"]),
                name="user_language_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def note_sign_out(self) -> None:
        """Remember that a token's owner signed out, which ends what was opened with tokens before."""
        self.signed_out_at = timezone.now()
        self.save(update_fields=["signed_out_at"])
