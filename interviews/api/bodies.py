"""What is sent to a session: answers, recordings and tickets, and what comes back of the latter two."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.strict import StrictTypes
from interviews.api.parts import Base


class NothingSerializer(StrictTypes, Base):
    """A body with nothing in it."""


class SubmitSerializer(StrictTypes, Base):
    """One answer: words, or audio where a speech provider is configured."""

    session_token = serializers.CharField(max_length=64)
    turn = serializers.IntegerField(min_value=1, max_value=1000)
    response_text = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=settings.MAX_ANSWER_CHARACTERS,
    )
    skip = serializers.BooleanField(required=False, default=False)
    recording = serializers.CharField(
        required=False, max_length=64, help_text="The recording whose transcript this confirms."
    )
    audio_base64 = serializers.CharField(required=False, help_text="Needs a speech provider.")
    as_answer = serializers.BooleanField(
        required=False,
        default=False,
        help_text=_("Take it as an answer, even if it reads like something said to us."),
    )


class SubmitFormSerializer(SubmitSerializer):
    """The same as a form, with the audio as a file."""

    audio = serializers.FileField(required=False, help_text="Needs a speech provider.")


class TranscribeSerializer(StrictTypes, Base):
    """One recording of an answer to the open question."""

    session_token = serializers.CharField(max_length=64)
    turn = serializers.IntegerField(min_value=1, max_value=1000)
    audio_base64 = serializers.CharField()


class TranscribeFormSerializer(StrictTypes, Base):
    """The same as a form, with the audio as a file."""

    session_token = serializers.CharField(max_length=64)
    turn = serializers.IntegerField(min_value=1, max_value=1000)
    audio = serializers.FileField()


class TranscriptShape(Base):
    """What was heard; `recording` is to be sent with the answer that confirms it."""

    recording = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    low_confidence = serializers.BooleanField()
    nothing_heard = serializers.BooleanField()
    unsure_words = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField()
    duration_seconds = serializers.FloatField()
    pauses = serializers.IntegerField(
        allow_null=True,
        help_text=_("How many pauses were longer than two seconds; null if that is not known."),
    )
    pause_seconds = serializers.FloatField(
        allow_null=True, help_text=_("How long they were in all.")
    )


class TicketSerializer(StrictTypes, Base):
    """For which session."""

    session_token = serializers.CharField(max_length=64)


class TicketShape(Base):
    """Send `{"type": "auth", "ticket": …}` as the first message to `url`."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    url = serializers.CharField()
