"""Reminds people by mail of what their plan holds for today: once a day, in their evening, if they want it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from accounts.outbox import NoLongerNeeded, queue_mail
from interviews.errors import NotFound
from interviews.models import AuditEvent, PracticePlan, PracticeReminder, Turn
from interviews.models.practice_plan import PracticePlanQuerySet
from interviews.services.practice_plans import Progress, progress_of

TEMPLATE = "practice_reminder"
SALT = "interviews.practice-reminders"


def plans_to_remind() -> PracticePlanQuerySet:
    """Return the plans for which it is to be decided now whether to remind their owner today."""
    return PracticePlan.objects.to_remind(timezone.now())


def remind(plan: PracticePlan) -> bool:
    """Queue today's reminder unless its owner has practised anything today; True if there is one now.

    The decision is stored with the mail and is taken once a day, whatever becomes of the plan.
    """
    day = plan.today
    is_needed = _is_needed(progress_of(plan))
    with transaction.atomic():
        _decision, is_first = PracticeReminder.objects.get_or_create(
            person=plan.owner, day=day, defaults={"is_sent": is_needed}
        )
        if is_first and is_needed:
            queue_mail(template=TEMPLATE, to=plan.owner, plan=plan.pk, day=day.isoformat())
    return is_first and is_needed


def _is_needed(progress: Progress) -> bool:
    """Tell whether today still holds something and nothing was practised, for another position or in another language either.

    Whoever practises at all has not forgotten, and a reminder would read like a reproach.
    """
    plan = progress.plan
    is_before = plan.today < plan.interview_on
    return is_before and progress.day.left > 0 and not _has_practised_today(plan)


def _has_practised_today(plan: PracticePlan) -> bool:
    midnight = datetime.combine(plan.today, time.min, tzinfo=plan.zone)
    return Turn.objects.practised_by(plan.owner).filter(answer__created_at__gte=midnight).exists()


def practice_reminder(mail: Mail) -> dict[str, Any]:
    """Look up what a reminder says, when it is sent. Raises `NoLongerNeeded` if its day or its reason is over."""
    plan = PracticePlan.objects.filter(pk=mail.ids["plan"]).select_related("owner").first()
    if plan is None or mail.person != plan.owner or not plan.wants_reminder:
        raise NoLongerNeeded
    progress = progress_of(plan)
    if plan.today.isoformat() != mail.ids["day"] or not _is_needed(progress):
        raise NoLongerNeeded
    site = settings.SITE_URL or plan.site
    stop = reverse("stop-reminders", kwargs={"token": stop_token(plan)})
    return {
        "user": plan.owner,
        "progress": progress,
        "link": site + reverse("dashboard"),
        "stop": site + stop,
    }


def stop_token(plan: PracticePlan) -> str:
    """Return what lets somebody who is not signed in stop the reminders of one plan, and nothing else."""
    return signing.dumps(plan.pk, salt=SALT)


def plan_of_token(token: str) -> PracticePlan:
    """Return the plan whose reminders a link may stop. Raises `NotFound` for a link that is not ours, or of no plan."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound("There is no such plan.") from None
    plan = PracticePlan.objects.filter(pk=pk).select_related("owner").first()
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def stop_reminders(*, plan: PracticePlan) -> None:
    """Send no more reminders of a plan, which goes on."""
    with transaction.atomic():
        plan.stop_reminding()
        AuditEvent.objects.record(
            "practice_plan.reminders_stopped", plan, detail="by a mail's link"
        )
