"""The API of “Say it again”: answers of practice given anew, beside the first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.requests import user_of
from accounts.strict import StrictTypes
from accounts.throttles import AnswerThrottle
from interviews import services
from interviews.api.changes import replayed
from interviews.api.documents import STILL_WORKING, located_in, replayed_in
from interviews.api.serializers import EvaluationShape
from interviews.services.saying_again import another_answer_shape, repeatable, said_again

Base = serializers.Serializer[Any]
STATES = ["said", "partly", "not_said", "contradicted"]


class AgainSerializer(StrictTypes, Base):
    """Another answer to the same question."""

    response_text = serializers.CharField(
        trim_whitespace=False, max_length=settings.MAX_ANSWER_CHARACTERS
    )
    as_answer = serializers.BooleanField(
        required=False,
        default=False,
        help_text=_("Take it as an answer, even if it reads like something said to us."),
    )


class FindingShape(Base):
    """What one answer does with a point, with its verbatim words."""

    state = serializers.ChoiceField(choices=STATES)
    sure = serializers.BooleanField()
    quote = serializers.CharField(allow_blank=True)


class ChangeShape(Base):
    """What became of one point since the first answer; `unsure` if one of the two readings is."""

    id = serializers.CharField()
    point = serializers.CharField()
    change = serializers.ChoiceField(choices=["gained", "lost", "kept", "unsure", "open"])
    before = FindingShape()
    after = FindingShape()


class AnotherAnswerShape(Base):
    """An answer given anew. While its rating is pending, send the same words again to have it rated."""

    id = serializers.IntegerField()
    answer = serializers.CharField()
    created_at = serializers.DateTimeField()
    evaluation = EvaluationShape()
    changes = ChangeShape(
        many=True, help_text=_("Empty if one of the two answers could not be rated.")
    )
    gained = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())


class FirstAnswerShape(Base):
    """The answer that the interview counts with."""

    answer = serializers.CharField(allow_null=True)
    evaluation = EvaluationShape()


class SaidAgainShape(Base):
    """The first answer to a turn beside all later ones, the oldest first."""

    turn = serializers.IntegerField()
    number = serializers.IntegerField()
    text = serializers.CharField()
    is_follow_up = serializers.BooleanField()
    first = FirstAnswerShape()
    again = AnotherAnswerShape(many=True)


class AgainView(KnownParameters, APIView):
    """Answers a turn of one's own practice anew; the interview's result stays that of the first answer."""

    fails = {"get": (409,), "post": (409,)}
    throttle_scope = "submit"

    def get_throttles(self) -> list[BaseThrottle]:
        return [AnswerThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="interviews_session_again_retrieve",
        summary="What was said again, beside the first answer",
        responses=SaidAgainShape,
    )
    def get(self, request: Request, token: str, turn: str) -> Response:
        session, found = repeatable(user_of(request), token, int(turn))
        return Response(said_again(session, found))

    @extend_schema(
        operation_id="interviews_session_again",
        summary="Say an answer of practice again",
        parameters=[located_in("All answers to this turn."), replayed_in(200)],
        request=AgainSerializer,
        responses={
            200: OpenApiResponse(AnotherAnswerShape, "These words were said before."),
            201: OpenApiResponse(AnotherAnswerShape, "Kept, and rated if it can be."),
            202: STILL_WORKING,
        },
    )
    def post(self, request: Request, token: str, turn: str) -> Response:
        form = AgainSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        kept, is_new = services.say_again(
            user=user_of(request),
            token=token,
            number=int(turn),
            text=given["response_text"],
            as_answer=given["as_answer"],
        )
        shape = another_answer_shape(kept.turn, kept)
        if not is_new:
            return Response(shape, headers=replayed(is_replay=True))
        headers = {"Location": reverse("api-again", args=[token, turn])}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)
