"""What the interview API tells of an answer in practice beside its rating."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.strict import StrictTypes
from interviews.models.choices import TIME_FACTORS

Base = serializers.Serializer[Any]


@extend_schema_field({"type": "number", "minimum": 1, "maximum": 2, "multipleOf": 0.5})
class TimeFactorField(serializers.FloatField):
    """How many times the planned time there is: 1, 1.5 or 2."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool | str) or data not in TIME_FACTORS:
            raise serializers.ValidationError(_("Send 1, 1.5 or 2."))
        return float(data)


class MoreTimeSerializer(StrictTypes, Base):
    """How much time a practice interview is to have from its open question on."""

    time_factor = TimeFactorField(
        allow_null=True, help_text=_("More than there is now; null for no timer.")
    )


class SelfCheckPointShape(Base):
    """A key point that candidates check themselves, by its id."""

    id = serializers.CharField()
    point = serializers.CharField()


class StoryPartShape(Base):
    """Whether words for a part of a story were found."""

    part = serializers.ChoiceField(choices=["situation", "task", "action", "result"])
    found = serializers.BooleanField()


class MirrorShape(Base):
    """How an answer was given, counted by rules of thumb; no part of any score."""

    words = serializers.IntegerField()
    seconds = serializers.IntegerField(
        help_text=_("How long it took to say or, if it was typed, about how long it would take.")
    )
    limit = serializers.IntegerField(
        allow_null=True, help_text=_("The seconds that there were; null without a timer.")
    )
    pace = serializers.IntegerField(
        allow_null=True, help_text=_("Words a minute; null if it was not spoken.")
    )
    pace_word = serializers.CharField(allow_blank=True)
    fillers = serializers.IntegerField(allow_null=True, help_text=_("Null if it was not spoken."))
    pauses = serializers.IntegerField(
        allow_null=True, help_text=_("Those over two seconds; null if nothing is known of them.")
    )
    pause_share = serializers.IntegerField(
        allow_null=True, help_text=_("Their share of the time, in percent.")
    )
    myself = serializers.IntegerField(help_text=_("How often “I” and its forms were said."))
    together = serializers.IntegerField(help_text=_("How often “we” and its forms were said."))
    numbers = serializers.ListField(child=serializers.CharField())
    names_result = serializers.BooleanField()
    terms = serializers.ListField(child=serializers.CharField())
    story = StoryPartShape(many=True)
