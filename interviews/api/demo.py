"""What the endpoint that runs the whole workflow on one response reads and writes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.strict import StrictTypes
from accounts.text import Visible
from interviews.models.choices import Difficulty, InterviewType, Language

Base = serializers.Serializer[Any]


class DemoSerializer(StrictTypes, Base):
    """One response to run the whole workflow on."""

    position = serializers.CharField(
        max_length=120, default="Software engineer", validators=[Visible()]
    )
    interview_type = serializers.ChoiceField(
        choices=InterviewType.choices, default=InterviewType.MIXED
    )
    difficulty = serializers.ChoiceField(choices=Difficulty.choices, default=Difficulty.MEDIUM)
    num_questions = serializers.IntegerField(min_value=1, max_value=20, default=3)
    language = serializers.ChoiceField(choices=Language.choices, default=Language.ENGLISH)
    follow_ups_per_question = serializers.IntegerField(min_value=0, max_value=3, default=1)
    response_text = serializers.CharField(
        trim_whitespace=False, max_length=settings.MAX_ANSWER_CHARACTERS
    )


class TraceShape(Base):
    """One node's run."""

    node = serializers.CharField()
    updates = serializers.DictField()
    ms = serializers.FloatField()


class DemoShape(Base):
    """The workflow's final state and its trace."""

    state = serializers.DictField()
    trace = TraceShape(many=True)
    questions = serializers.ListField(child=serializers.DictField())
    transcript = serializers.CharField(allow_blank=True)
    evaluation = serializers.DictField()
    next_step = serializers.ChoiceField(choices=["continue", "follow_up", "complete"])
    report = serializers.DictField()
