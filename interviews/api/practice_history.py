"""The API of how one's own practice went over time."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.requests import user_of
from interviews import services
from interviews.api.serializers import FigureShape
from interviews.models.choices import Difficulty
from interviews.services.doubts import figure_shape
from interviews.services.practice_history import Course, Practice


class PracticeShape(FigureShape):
    """A finished practice interview with its total."""

    session_token = serializers.CharField()
    interview = serializers.IntegerField()
    finished_at = serializers.DateTimeField()
    difficulty = serializers.ChoiceField(choices=Difficulty.choices)
    score = serializers.IntegerField(
        min_value=0, max_value=100, help_text="The best estimate; no figure to show unless `sure`."
    )


class CourseShape(serializers.Serializer[Any]):
    """The latest rated practice for one position, oldest first, ten at most."""

    position = serializers.CharField()
    count = serializers.IntegerField(
        min_value=1, help_text="How many practice interviews for it are finished in all."
    )
    practices = PracticeShape(many=True)


def course_shape(course: Course) -> dict[str, Any]:
    practices = [practice_shape(practice) for practice in course.practices]
    return {"position": course.position, "count": course.count, "practices": practices}


def practice_shape(practice: Practice) -> dict[str, Any]:
    session = practice.session
    return {
        "session_token": session.token,
        "interview": session.interview_id,
        "finished_at": session.finished_at,
        "difficulty": session.interview.difficulty,
        "score": practice.total.score,
        **figure_shape(practice.total),
    }


class PracticeHistoryView(KnownParameters, APIView):
    """How one's own practice went, by position."""

    @extend_schema(
        operation_id="interviews_practice_history",
        summary="How my practice went over time, by position",
        description="The positions practised last come first, six at most.",
        responses=CourseShape(many=True),
    )
    def get(self, request: Request) -> Response:
        history = services.practice_history(user=user_of(request))
        return Response([course_shape(course) for course in history.courses])
