"""What the interview API reads and writes; the OpenAPI schema is made from these."""

from __future__ import annotations

from typing import Any, get_args

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.strict import StrictTypes
from ai.schemas import PlanNote, PlanNoteCode
from interviews.api.practice_shapes import MirrorShape, SelfCheckPointShape, TimeFactorField
from interviews.models import Interview
from interviews.services import interview_plan_notes

Base = serializers.Serializer[Any]


class PlanNoteShape(Base):
    """What an interview's questions do not keep of what was asked for; say it before the interview begins."""

    code = serializers.ChoiceField(choices=get_args(PlanNoteCode))
    text = serializers.CharField()
    positions = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("The nearest positions with questions of their own, if this one has none."),
    )


class ListedInterviewSerializer(StrictTypes, serializers.ModelSerializer[Interview]):
    """An interview as its owner sets it up."""

    estimated_minutes = serializers.IntegerField(read_only=True)
    time_factor = TimeFactorField(
        required=False,
        help_text=_("How many times the planned time there is; other than 1 in practice only."),
    )

    class Meta:
        model = Interview
        fields = [
            "id",
            "title",
            "position",
            "interview_type",
            "difficulty",
            "num_questions",
            "mode",
            "language",
            "job_description",
            "follow_ups_per_question",
            "timed",
            "time_factor",
            "session_time_limit_minutes",
            "estimated_minutes",
            "status",
            "version",
            "created_at",
        ]
        read_only_fields = ["version", "created_at"]
        extra_kwargs = {
            "job_description": {
                "help_text": _(
                    "Shapes questions if a language model writes them; the embedded engine does not read it. Never "
                    "shapes ratings."
                )
            }
        }

    def validate_status(self, value: str) -> str:
        if self.instance is None and value != Interview.Status.DRAFT:
            raise serializers.ValidationError(
                _("An interview begins as a draft. Make it, then PATCH its status.")
            )
        return value


class InterviewSerializer(ListedInterviewSerializer):
    """An interview with what its questions do not keep of it; its ETag leaves these notes out."""

    plan_notes = serializers.SerializerMethodField()

    class Meta(ListedInterviewSerializer.Meta):
        fields = [*ListedInterviewSerializer.Meta.fields, "plan_notes"]

    @extend_schema_field(PlanNoteShape(many=True))
    def get_plan_notes(self, interview: Interview) -> list[PlanNote]:
        return interview_plan_notes(interview)


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


class PointShape(Base):
    """What an answer does with one key point; `quote` is verbatim, and empty if the point is not said."""

    id = serializers.CharField(help_text="Names the point within its question.")
    point = serializers.CharField()
    state = serializers.ChoiceField(choices=["said", "partly", "not_said", "contradicted"])
    sure = serializers.BooleanField()
    quote = serializers.CharField(allow_blank=True)
    start = serializers.IntegerField(help_text="In Unicode code points.")
    end = serializers.IntegerField(help_text="In Unicode code points.")
    start_utf16 = serializers.IntegerField(help_text="In UTF-16 units, as JavaScript counts.")
    end_utf16 = serializers.IntegerField(help_text="In UTF-16 units, as JavaScript counts.")


class EvaluationShape(Base):
    """How an answer was rated; `score`, the best estimate, is null until it is.

    While its question can still get a follow-up, or one is open, `points` holds what was said and `missing` nothing.
    """

    status = serializers.ChoiceField(choices=["scored", "pending", "not_scored"])
    reason = serializers.CharField(allow_blank=True)
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    range = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100),
        min_length=2,
        max_length=2,
        allow_null=True,
        help_text="The lowest and the highest score that are likely; null if a person rated.",
    )
    sure = serializers.BooleanField(help_text="False if the range is too wide to go by.")
    points = PointShape(many=True)
    ratings = RatingShape(many=True)
    covered = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    feedback = serializers.CharField(allow_blank=True)
    flags = serializers.ListField(child=serializers.CharField())
    needs_person = serializers.BooleanField()
    self_check = SelfCheckPointShape(
        many=True,
        help_text=_(
            "The key points of an answer in practice that could not be rated, for its candidate to tick off: PUT a point's "
            "claim to keep that it was said. Empty otherwise."
        ),
    )


class StartShape(Base):
    """A session, opened or resumed."""

    session_token = serializers.CharField()
    status = serializers.CharField()
    question = QuestionShape(allow_null=True)
    progress = ProgressShape()


class WorkingShape(Base):
    """What was sent is safe, its result is not there yet: send the same again after `retry_after` seconds."""

    status = serializers.ChoiceField(choices=["working"])
    detail = serializers.CharField()
    retry_after = serializers.IntegerField()


class TurnShape(Base):
    """A turn of the past."""

    turn = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    is_follow_up = serializers.BooleanField()
    answer = serializers.CharField(allow_null=True)
    modality = serializers.CharField(allow_null=True)
    evaluation = EvaluationShape(allow_null=True)
    asides = AsideShape(many=True)


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


class ResultTurnShape(TurnShape):
    """A turn with its recordings, with what the candidate says they said and, in practice, with what it can be held against."""

    model_answer = serializers.CharField(
        allow_null=True,
        help_text=_("A good answer, in practice once no more can be asked of the question."),
    )
    mirror = MirrorShape(allow_null=True, help_text=_("In practice, of an answer with words."))

    recordings = RecordingShape(many=True)
    claims = serializers.ListField(
        child=serializers.CharField(),
        help_text=_(
            "The ids of the points that the candidate says they said; no rating reads them."
        ),
    )


class ClaimShape(Base):
    """“I did say this”: the candidate's own view of one point of an answer."""

    turn = serializers.IntegerField()
    point = serializers.CharField()
    created_at = serializers.DateTimeField()


class StateShape(StartShape):
    """Everything needed to resume."""

    turns = TurnShape(many=True)
    deadline = serializers.DateTimeField(allow_null=True)
    time_factor = TimeFactorField(
        allow_null=True, help_text=_("How many times the planned time there is; null for no timer.")
    )


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


class SubmitShape(Base):
    """What became of an answer, and what comes next."""

    turn = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["active", "completed"])
    transcript = serializers.CharField(allow_blank=True)
    evaluation = EvaluationShape(allow_null=True)
    next_step = serializers.ChoiceField(choices=["continue", "follow_up", "complete"])
    next_question = QuestionShape(allow_null=True)
    progress = ProgressShape()
    aside = AsideShape(
        allow_null=True,
        help_text=_(
            "Set if this was said to us instead of answering: `next_question` is the same one again."
        ),
    )


class ResultAsideShape(AsideShape):
    """An aside with the turn and the question it was said in."""

    turn = serializers.IntegerField()
    number = serializers.IntegerField()


class CompetencyShape(Base):
    """Mean over the questions of one competency."""

    competency = serializers.CharField()
    score = serializers.IntegerField(min_value=0, max_value=100)
    turns = serializers.ListField(child=serializers.IntegerField())


class QuestionScoreShape(Base):
    """One question's result."""

    question_number = serializers.IntegerField()
    competency = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    turns = serializers.ListField(child=serializers.IntegerField())


class ProvenanceShape(Base):
    """Who rated, with what."""

    provider = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField(allow_blank=True)
    rubric_version = serializers.CharField(allow_blank=True)


class ResultsShape(Base):
    """Final results; `overall_score` is null while a rating is missing.

    In practice an answer that cannot be rated does not count: `left_out` names such questions.
    """

    session_token = serializers.CharField()
    candidate = serializers.CharField()
    session_status = serializers.CharField()
    status = serializers.ChoiceField(choices=["complete", "incomplete"])
    overall_score = serializers.IntegerField(allow_null=True)
    recommendation = serializers.CharField(allow_null=True)
    competencies = CompetencyShape(many=True)
    questions = QuestionScoreShape(many=True)
    left_out = serializers.ListField(child=serializers.IntegerField())
    strengths = serializers.ListField(child=serializers.CharField())
    improvements = serializers.ListField(child=serializers.CharField())
    summary = serializers.CharField(allow_blank=True)
    pending = serializers.ListField(child=serializers.IntegerField())
    needs_person = serializers.ListField(child=serializers.IntegerField())
    turns = ResultTurnShape(many=True)
    asides = ResultAsideShape(many=True)
    provenance = ProvenanceShape(many=True)
