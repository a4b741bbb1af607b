"""The data that crosses the border of `ai`: typed, plain and JSON-safe by construction."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

InterviewType = Literal["technical", "behavioral", "system_design", "situational", "mixed"]
QuestionType = Literal["technical", "behavioral", "system_design", "situational"]
Difficulty = Literal["easy", "medium", "hard"]
Mode = Literal["practice", "screening"]
NextStep = Literal["continue", "follow_up", "complete"]
EvaluationStatus = Literal["scored", "pending", "not_scored"]
Modality = Literal["text", "audio", "draft", "skipped"]
PointStateName = Literal["said", "partly", "not_said", "contradicted"]
PlanNoteCode = Literal[
    "unknown_position",
    "near_position",
    "general_questions",
    "other_kind",
    "other_difficulty",
    "other_language",
    "too_few_questions",
    "not_rated",
]


class InterviewSpec(TypedDict):
    """What somebody asked for when they set up an interview."""

    position: str
    interview_type: InterviewType
    difficulty: Difficulty
    num_questions: int
    mode: Mode
    language: str
    job_description: str
    follow_ups_per_question: int
    seed: str


class KeyPoint(TypedDict):
    """One checkable idea that a strong answer contains; an essential one weighs double."""

    id: str
    text: str
    follow_up: str
    essential: NotRequired[bool]
    paraphrases: NotRequired[list[str]]


class QuestionContent(TypedDict):
    """What is read here of a question; a question may carry more, which is passed through.

    `in_other_words` is the same question said differently, or empty.
    """

    text: str
    in_other_words: NotRequired[str]
    competency: str
    question_type: QuestionType
    difficulty: Difficulty
    reference_answer: str
    key_points: list[KeyPoint]
    anchors: dict[str, str]
    terms: list[str]
    time_limit_seconds: int


class Position(TypedDict):
    """A position that the bank has questions for, with the job titles that mean it."""

    position: str
    position_names: list[str]


class BankItem(QuestionContent, Position):
    """A question of the bank, as the planner sees it."""

    id: str
    language: str
    adaptable: bool


class PlannedQuestion(QuestionContent):
    """A question of one interview, with everything a rater needs. `number` starts at 1."""

    number: int
    bank_id: str


class PlanNote(TypedDict):
    """What a plan does not keep of what was asked for, to be said before the interview begins.

    `positions` names those that come nearest to a position that is not known; else it is empty.
    """

    code: PlanNoteCode
    text: str
    positions: list[str]


BANK_ONLY = BankItem.__annotations__.keys() - QuestionContent.__annotations__.keys()


class AskedTurn(TypedDict):
    """One turn as it was put to the candidate; `turn` counts from 1 over the whole session."""

    turn: int
    question_number: int
    text: str
    is_follow_up: bool
    key_point_id: str


class GivenAnswer(TypedDict):
    """What the candidate gave: text, or audio that is yet to be transcribed."""

    text: str
    modality: Modality


class EvidenceSpan(TypedDict):
    """Verbatim words of the answer: `answer[start:end] == quote`, offsets in Unicode code points.

    The other pair counts UTF-16 units, as JavaScript does; rows from before it do without.
    """

    quote: str
    start: int
    end: int
    start_utf16: NotRequired[int]
    end_utf16: NotRequired[int]


class ProviderRating(TypedDict):
    """What a provider claims about one criterion; nothing in it is trusted before `scoring` has checked it."""

    criterion: str
    score: int
    quotes: list[str]
    rationale: str


class RatingPass(TypedDict):
    """One of several independent ratings of the same answer: levels by criterion, and the model that gave them."""

    levels: dict[str, int]
    model: str


class Provenance(TypedDict):
    """Who rated, with what: stored beside every rating. Several passes keep their levels and their spread."""

    provider: str
    model: str
    prompt_version: str
    rubric_version: str
    input_tokens: int
    output_tokens: int
    latency_ms: int
    passes: NotRequired[list[RatingPass]]
    spread: NotRequired[int]


class Levels(TypedDict):
    """The best estimate of a level, 1.0-5.0, and the range that it lies in."""

    best: float
    low: float
    high: float


class ProviderPoint(TypedDict):
    """What a provider claims about one key point, by its id; `quote` is empty if it is not said.

    Where the quote stands, `answer[start:end]`, is left out by who does not know; it is then looked for.
    """

    point: str
    state: PointStateName
    sure: bool
    quote: str
    start: NotRequired[int]
    end: NotRequired[int]


class ProviderEvaluation(TypedDict):
    """A provider's raw judgement of one answer. `covered` and `missing` hold key point ids.

    `sure` is False if the range of `levels` is too wide to go by.
    """

    ratings: list[ProviderRating]
    points: list[ProviderPoint]
    levels: Levels
    sure: bool
    covered: list[str]
    missing: list[str]
    feedback: str
    flags: list[str]
    confidence: float
    provenance: Provenance


class CriterionRating(TypedDict):
    """One criterion on the anchored scale: 1 (lowest) to 5, with verified evidence."""

    criterion: str
    score: int
    evidence: list[EvidenceSpan]
    rationale: str


class PointFinding(TypedDict):
    """What an answer does with one key point, by its id, and its verbatim words: empty if the point is not said."""

    point: str
    state: PointStateName
    sure: bool
    quote: str
    start: int
    end: int
    start_utf16: int
    end_utf16: int


class Evaluation(TypedDict):
    """A checked evaluation. `score` is 0-100, or None while nothing is scored.

    `score` is the best estimate within `range`, both 0-100; `sure` is False if the range is too wide to go by. `levels`
    are the estimate and the range on the scale of 1.0-5.0; None if the levels of `ratings` are all there is.
    """

    status: EvaluationStatus
    reason: str
    score: int | None
    range: list[int] | None
    levels: Levels | None
    sure: bool
    points: list[PointFinding]
    ratings: list[CriterionRating]
    covered: list[str]
    missing: list[str]
    feedback: str
    flags: list[str]
    needs_person: bool
    provenance: Provenance | None


class AnsweredTurn(TypedDict):
    """A turn of the past: what was asked, what was said, how it was rated."""

    asked: AskedTurn
    answer: GivenAnswer
    evaluation: Evaluation | None


class CompetencyScore(TypedDict):
    """Mean over the questions of one competency, 0-100, with the turns it rests on."""

    competency: str
    score: int
    turns: list[int]


class QuestionScore(TypedDict):
    """One question's result: the best of its turns, 0-100, or None while a turn of it is not scored."""

    question_number: int
    competency: str
    score: int | None
    turns: list[int]


class Report(TypedDict):
    """The final assessment. Figures are computed by code; prose only describes them.

    `left_out` holds the numbers of the questions that could not be rated and do not count, in practice only.
    """

    status: Literal["complete", "incomplete"]
    overall_score: int | None
    recommendation: str | None
    competencies: list[CompetencyScore]
    questions: list[QuestionScore]
    left_out: list[int]
    strengths: list[str]
    improvements: list[str]
    summary: str
