"""What the interview API reads and writes; the OpenAPI schema is made from these."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.strict import StrictTypes
from ai.schemas import PlanNote
from interviews.api.bodies import (
    NothingSerializer,
    SubmitFormSerializer,
    SubmitSerializer,
    TicketSerializer,
    TicketShape,
    TranscribeFormSerializer,
    TranscribeSerializer,
    TranscriptShape,
)
from interviews.api.parts import (
    AsideShape,
    Base,
    ClaimShape,
    EvidenceShape,
    PlanNoteShape,
    ProgressShape,
    QuestionShape,
    RatingShape,
    RecordingShape,
    WorkingShape,
)
from interviews.api.practice_shapes import MirrorShape, SelfCheckPointShape, TimeFactorField
from interviews.models import Interview
from interviews.services import interview_plan_notes

# Read from here together with the shapes below.
__all__ = [
    "AsideShape",
    "ClaimShape",
    "EvidenceShape",
    "NothingSerializer",
    "PlanNoteShape",
    "ProgressShape",
    "QuestionShape",
    "RatingShape",
    "RecordingShape",
    "SubmitFormSerializer",
    "SubmitSerializer",
    "TicketSerializer",
    "TicketShape",
    "TranscribeFormSerializer",
    "TranscribeSerializer",
    "TranscriptShape",
    "WorkingShape",
]


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
            "feedback",
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


def range_field(help_text: str) -> serializers.ListField:
    """Return the field of a range, 0-100, that is null if there is no score."""
    edge = serializers.IntegerField(min_value=0, max_value=100)
    return serializers.ListField(
        child=edge, min_length=2, max_length=2, allow_null=True, help_text=help_text
    )


class EvaluationShape(Base):
    """How an answer was rated; `score`, the best estimate, is null until it is.

    While its question can still get a follow-up, or one is open, `points` holds what was said and `missing` nothing.
    """

    status = serializers.ChoiceField(choices=["scored", "pending", "not_scored"])
    reason = serializers.CharField(allow_blank=True)
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    range = range_field(
        "The lowest and the highest score that are likely; null if there is no score."
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
    said_again = serializers.IntegerField(
        min_value=0, help_text=_("How often this was said again; no result reads that.")
    )


class StateShape(StartShape):
    """Everything needed to resume."""

    turns = TurnShape(many=True)
    deadline = serializers.DateTimeField(allow_null=True)
    time_factor = TimeFactorField(
        allow_null=True, help_text=_("How many times the planned time there is; null for no timer.")
    )


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


class FigureShape(Base):
    """A score with the range it is in; show the range, and no figure, if it is not sure."""

    range = range_field("The lowest and the highest score that are likely; null without a score.")
    sure = serializers.BooleanField(
        help_text="False if more than a third of it rests on answers that are not sure."
    )


class CompetencyShape(FigureShape):
    """Mean over the questions of one competency."""

    competency = serializers.CharField()
    score = serializers.IntegerField(min_value=0, max_value=100)
    turns = serializers.ListField(child=serializers.IntegerField())


class QuestionScoreShape(FigureShape):
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
    overall_score = serializers.IntegerField(
        allow_null=True, help_text="The best estimate; no figure to show unless `overall_sure`."
    )
    overall_range = range_field("The range the total is in; null while there is no total.")
    overall_sure = serializers.BooleanField(
        help_text="False if more than a third of the total rests on answers that are not sure."
    )
    recommendation = serializers.CharField(
        allow_null=True, help_text="Null without a total, and if the total is not sure."
    )
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
