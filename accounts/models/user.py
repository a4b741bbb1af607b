"""The people who use the interviewer."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Permission,
    PermissionsMixin,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import Visible, isolated

FORMER_USER = "former user"


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is stored and looked up."""
    return email.strip().lower()


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone like Europe/Berlin or UTC.")


def zone_or_default(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone of a stored name; machines differ in the zones that they know."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


class UserQuerySet(models.QuerySet["User"]):
    """Vocabulary for looking people up; the lookup is the authorisation."""

    def visible_to(self, user: User) -> UserQuerySet:
        """Return whose profile `user` may read: their own, and everybody's with the right to view people."""
        people = self.exclude(email=FORMER_USER)
        may_see_all = user.has_perm("accounts.view_user") or user.has_perm("accounts.change_user")
        return people if may_see_all else people.filter(pk=user.pk)

    def managed_by(self, user: User) -> UserQuerySet:
        """Return whom `user` may change."""
        return self.no_more_than(user) if user.has_perm("accounts.change_user") else self.none()

    def deletable_by(self, user: User) -> UserQuerySet:
        """Return whom `user` may delete or erase."""
        may = user.has_perm("accounts.delete_user") or user.has_perm("accounts.erase_user")
        return self.no_more_than(user) if may else self.none()

    def no_more_than(self, user: User) -> UserQuerySet:
        """Return those who hold no right that `user` lacks; who may change them cannot rise through them."""
        people = self.exclude(email=FORMER_USER)
        if user.is_superuser:
            return people
        held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
        lacking = Permission.objects.exclude(pk__in=held.values("pk"))
        above = Q(is_superuser=True) | Q(
            pk__in=self.model.objects.filter(
                Q(user_permissions__in=lacking) | Q(groups__permissions__in=lacking)
            ).values("pk")
        )
        return people.exclude(above)

    def candidates(self) -> UserQuerySet:
        return self.filter(is_active=True, is_staff=False)


class UserManager(BaseUserManager["User"]):
    """Makes users whose e-mail address is their login."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def managed_by(self, user: User) -> UserQuerySet:
        return self.get_queryset().managed_by(user)

    def deletable_by(self, user: User) -> UserQuerySet:
        return self.get_queryset().deletable_by(user)

    def candidates(self) -> UserQuerySet:
        return self.get_queryset().candidates()

    def former_user(self) -> User:
        """Return the one who stands for everybody who was erased; no address is spelt like theirs."""
        hidden = {"full_name": FORMER_USER, "is_active": False, "password": make_password(None)}
        return self.get_or_create(email=FORMER_USER, defaults=hidden)[0]

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
    full_name = models.CharField(max_length=150, validators=[Visible()])
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
        permissions = [("erase_user", _("Can erase a person with everything they said"))]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_ignoring_case"),
            models.CheckConstraint(
                condition=models.Q(language__in=["en", "de", "es", "fr"]),
                name="user_language_is_known",
            ),
        ]

    def __str__(self) -> str:
        return isolated(self.full_name or self.email)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone, or the installation's if this machine does not know it (any more)."""
        return zone_or_default(self.time_zone)

    @property
    def known_language(self) -> str:
        """The person's language, or English if it is none (any more) that is spoken here."""
        return self.language if self.language in self.Language.values else self.Language.ENGLISH

    def disable(self) -> None:
        """Let nobody sign in here; saved one by one, because open sockets hear of a saved account only."""
        self.is_active = False
        self.save(update_fields=["is_active"])

    def note_sign_out(self) -> None:
        """Remember that a token's owner signed out, which ends what was opened with tokens before."""
        self.signed_out_at = timezone.now()
        self.save(update_fields=["signed_out_at"])
