"""Mail that is to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User, normalise_email


class MailQuerySet(models.QuerySet["Mail"]):
    """Vocabulary for looking mail up."""

    def waiting(self) -> MailQuerySet:
        return self.filter(state=Mail.State.WAITING)

    def due(self, now: datetime) -> MailQuerySet:
        return self.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def send_again(self) -> int:
        """Queue what was sent, dropped or given up once more; what waits is left to its turn."""
        now, state = timezone.now(), Mail.State.WAITING
        done = self.exclude(state=state)
        return done.update(state=state, queued_at=now, next_attempt_at=now, sent_at=None)

    def to(self, email: str) -> MailQuerySet:
        """Return all mail to one address, also when it was queued for the account."""
        address = normalise_email(email)
        return self.filter(models.Q(address=address) | models.Q(recipient__email=address))


class Mail(models.Model):
    """A message to send: to whom, from which template, about which ids. Its text is made when it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        FAILED = "failed", _("given up")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mail",
    )
    address = models.EmailField(max_length=254, blank=True)
    template = models.CharField(max_length=60)
    ids = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_status = models.CharField(max_length=40, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "mail"
        permissions = [("resend_mail", "Can send mail again")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, address="")
                | (models.Q(recipient__isnull=True) & ~models.Q(address="")),
                name="mail_goes_to_a_user_or_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "dropped", "failed"]),
                name="mail_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="mail_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="mail_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    @property
    def person(self) -> User | None:
        """Return the account this goes to, if it has one and may sign in."""
        if self.recipient is not None:
            return self.recipient if self.recipient.is_active else None
        return User.objects.filter(email=normalise_email(self.address), is_active=True).first()

    @property
    def to(self) -> str:
        return self.recipient.email if self.recipient else self.address

    def claim(self, *, lease: timedelta) -> bool:
        """Take this mail for one attempt; False if somebody else has it."""
        now = timezone.now()
        mine = Mail.objects.due(now).filter(pk=self.pk, attempts=self.attempts)
        if not mine.update(attempts=self.attempts + 1, next_attempt_at=now + lease):
            return False
        self.attempts += 1
        return True

    def settle(self, state: str, status: str, *, wait: timedelta = timedelta(0)) -> None:
        """Note how the attempt ended, unless another one has begun since."""
        now = timezone.now()
        Mail.objects.waiting().filter(pk=self.pk, attempts=self.attempts).update(
            state=state,
            last_status=status,
            next_attempt_at=now + wait,
            sent_at=now if state == self.State.SENT else None,
        )
