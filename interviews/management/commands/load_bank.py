"""Loads the shipped question bank; running it again changes only what the files changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from interviews.bank_files import BankError, read_bank
from interviews.models import BankQuestion
from interviews.models.bank import ROW_ONLY


class Command(BaseCommand):
    """Idempotent; questions that admins made their own are left alone."""

    help = "Load the shipped question bank."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            bank = read_bank()
        except BankError as error:
            raise CommandError(str(error)) from error
        own = set(BankQuestion.objects.filter(is_own=True).values_list("slug", flat=True))
        shipped = [question for question in bank if question.slug not in own]
        with transaction.atomic():
            store(shipped)
        self.stdout.write(f"Question bank: {len(shipped)} questions shipped, {len(own)} our own.")


def store(questions: list[BankQuestion]) -> None:
    """Write the shipped questions; one that is gone from the files is switched off, never deleted."""
    names = [field.name for field in BankQuestion._meta.concrete_fields]
    fields = [name for name in names if name not in ROW_ONLY | {"slug"}]
    BankQuestion.objects.bulk_create(
        questions, update_conflicts=True, unique_fields=["slug"], update_fields=fields
    )
    slugs = [question.slug for question in questions]
    BankQuestion.objects.filter(is_own=False).exclude(slug__in=slugs).update(is_active=False)
