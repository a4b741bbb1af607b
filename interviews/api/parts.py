"""The small parts that replies of the interview API are made of."""

from __future__ import annotations

from typing import Any, get_args

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ai.schemas import PlanNoteCode

Base = serializers.Serializer[Any]


class PlanNoteShape(Base):
    """What an interview's questions do not keep of what was asked for; say it before the interview begins."""

    code = serializers.ChoiceField(choices=get_args(PlanNoteCode))
    text = serializers.CharField()
    positions = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("The nearest positions with questions of their own, if this one has none."),
    )


class AsideShape(Base):
    """What was said to us instead of answering, and what we said to it. It is not rated, and the question stays open."""

    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["rephrase", "help", "fault", "distress", "other"])
    reply = serializers.CharField()
    created_at = serializers.DateTimeField()


class QuestionShape(Base):
    """What a candidate knows of a question."""

    turn = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    competency = serializers.CharField()
    is_follow_up = serializers.BooleanField()
    time_limit_seconds = serializers.IntegerField(allow_null=True)
    deadline = serializers.DateTimeField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)
    draft = serializers.CharField(allow_blank=True)
    draft_revision = serializers.CharField(
        help_text=_("Names the draft as it stands; send it as `base` with the next draft.")
    )
    asides = AsideShape(many=True)


class ProgressShape(Base):
    """How far the interview is."""

    answered = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField()


class EvidenceShape(Base):
    """Verbatim words of the answer."""

    quote = serializers.CharField()
    start = serializers.IntegerField(
        help_text=_("Where the quote begins in the answer, in Unicode code points (Python).")
    )
    end = serializers.IntegerField(help_text=_("Where it ends, in Unicode code points."))
    start_utf16 = serializers.IntegerField(
        help_text=_("Where the quote begins, in UTF-16 code units (JavaScript, Java, C#).")
    )
    end_utf16 = serializers.IntegerField(help_text=_("Where it ends, in UTF-16 code units."))


class RatingShape(Base):
    """One criterion on the anchored scale."""

    criterion = serializers.CharField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    evidence = EvidenceShape(many=True)
    rationale = serializers.CharField(allow_blank=True)


class WorkingShape(Base):
    """What was sent is safe, its result is not there yet: send the same again after `retry_after` seconds."""

    status = serializers.ChoiceField(choices=["working"])
    detail = serializers.CharField()
    retry_after = serializers.IntegerField()


class RecordingShape(Base):
    """A recording, with what the machine heard; all but `key` is missing while nothing was transcribed."""

    key = serializers.CharField()
    text = serializers.CharField(required=False, allow_blank=True)
    confidence = serializers.FloatField(required=False)
    low_confidence = serializers.BooleanField(required=False)
    nothing_heard = serializers.BooleanField(required=False)
    unsure_words = serializers.ListField(child=serializers.CharField(), required=False)
    language = serializers.CharField(required=False)
    duration_seconds = serializers.FloatField(required=False)
    pauses = serializers.IntegerField(required=False, allow_null=True)
    pause_seconds = serializers.FloatField(required=False, allow_null=True)


class ClaimShape(Base):
    """“I did say this”: the candidate's own view of one point of an answer."""

    turn = serializers.IntegerField()
    point = serializers.CharField()
    created_at = serializers.DateTimeField()
