"""The baseline of a turn: a plain DRF endpoint that reads and writes the same rows, and does nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import user_of
from interviews.models import Answer, InterviewSession, Question, Rating, Turn


class BareSerializer(serializers.Serializer[object]):
    """One answer."""

    session_token = serializers.CharField(max_length=64)
    turn = serializers.IntegerField()
    response_text = serializers.CharField()


class BareTurnView(APIView):
    """Authenticates, validates, and writes what a turn writes, in the same three transactions."""

    def post(self, request: Request) -> Response:
        form = BareSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        sessions = InterviewSession.objects.filter(candidate=user_of(request))
        session = sessions.select_related("interview").get(token=given["session_token"])
        turn = Turn.objects.get(session=session, number=given["turn"])
        questions = list(Question.objects.filter(interview=session.interview))
        store_answer(session, turn, given["response_text"])
        until = timezone.now() + timedelta(seconds=30)
        InterviewSession.objects.filter(pk=session.pk).update(
            lease_owner="bare", lease_until=until, fence=F("fence") + 1
        )
        following = store_outcome(session, turn, questions)
        return Response({"turn": turn.number, "next": following.text, "number": following.number})


def store_answer(session: InterviewSession, turn: Turn, text: str) -> None:
    with transaction.atomic():
        InterviewSession.objects.filter(pk=session.pk).update(last_seen_at=timezone.now())
        Turn.objects.filter(pk=turn.pk).update(flow="answered", evaluation="pending")
        Answer.objects.create(
            turn=turn, session=session, key=f"bare-{turn.pk}", text=text, sha256="0" * 64
        )


def store_outcome(session: InterviewSession, turn: Turn, questions: list[Question]) -> Turn:
    with transaction.atomic():
        InterviewSession.objects.filter(pk=session.pk).update(
            lease_owner="", lease_until=None, version=F("version") + 1
        )
        evidence = [{"quote": "k1", "start": 0, "end": 2}]
        Rating.objects.create(turn=turn, criterion="Bare", score=5, evidence=evidence)
        Turn.objects.filter(pk=turn.pk).update(
            flow="closed", evaluation="scored", covered=["k1", "k2", "k3"], feedback="Noted."
        )
        following = questions[turn.number]
        return Turn.objects.create(
            session=session, question=following, number=turn.number + 1, text=following.text
        )
