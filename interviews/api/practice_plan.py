"""The API of one's own practice plan."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.mails import site_of
from accounts.requests import user_of
from accounts.strict import StrictTypes
from interviews import services
from interviews.api.documents import located_in
from interviews.models import PracticePlan
from interviews.models.choices import Difficulty, Language
from interviews.services.practice_plans import progress_of

Base = serializers.Serializer[Any]


class PracticePlanSerializer(StrictTypes, serializers.ModelSerializer[PracticePlan]):
    """What somebody practises for, and until which day."""

    class Meta:
        model = PracticePlan
        fields = ["position", "difficulty", "language", "interview_on", "wants_reminder"]
        extra_kwargs = {
            "difficulty": {"default": Difficulty.MEDIUM},
            "language": {"default": Language.ENGLISH},
            "interview_on": {"help_text": "Today or later, at most a year away."},
            "wants_reminder": {
                "default": False,
                "help_text": "Whether a mail comes in the evening of a day without practice.",
            },
        }


class TodayShape(Base):
    """What today, in the person's time zone, still holds, and how many questions were answered."""

    coming_back = serializers.IntegerField(min_value=0, max_value=3)
    new = serializers.IntegerField(min_value=0, max_value=3)
    answered = serializers.IntegerField(min_value=0)


class ReturnShape(Base):
    """A question that comes back on a later day, since points were left unsaid."""

    on = serializers.DateField()
    text = serializers.CharField()
    competency = serializers.CharField()


class PlanShape(Base):
    """A practice plan, with what it holds for today and what comes back later."""

    position = serializers.CharField()
    difficulty = serializers.ChoiceField(choices=Difficulty.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    interview_on = serializers.DateField()
    wants_reminder = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    days_left = serializers.IntegerField(help_text="Negative once the day is over.")
    today = TodayShape()
    coming_back = ReturnShape(many=True)


def plan_shape(plan: PracticePlan) -> dict[str, Any]:
    progress = progress_of(plan)
    day = progress.day
    return {
        **PracticePlanSerializer(plan).data,
        "created_at": plan.created_at,
        "days_left": progress.days_left,
        "today": {"coming_back": len(day.returning), "new": day.new, "answered": day.done},
        "coming_back": [
            {
                "on": later.on,
                "text": later.question.text,
                "competency": later.question.competency,
            }
            for later in progress.later
        ],
    }


class PracticePlanView(KnownParameters, APIView):
    """One's own practice plan: there is one at most."""

    fails = {"get": (404,), "delete": (404,)}

    @extend_schema(
        operation_id="interviews_practice_plan_retrieve",
        summary="My practice plan, and what it holds for today",
        responses=PlanShape,
    )
    def get(self, request: Request) -> Response:
        return Response(plan_shape(self.plan(request)))

    @extend_schema(
        operation_id="interviews_practice_plan_set",
        summary="Set the day of my interview",
        description="Takes the place of an earlier plan. What is left out has its default.",
        parameters=[located_in("The plan.")],
        request=PracticePlanSerializer,
        responses={
            200: OpenApiResponse(PlanShape, "An earlier plan was replaced."),
            201: OpenApiResponse(PlanShape, "There was no plan before."),
        },
    )
    def put(self, request: Request) -> Response:
        form = PracticePlanSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        plan, is_new = services.set_plan(
            owner=user_of(request), site=site_of(request), **form.validated_data
        )
        if not is_new:
            return Response(plan_shape(plan))
        headers = {"Location": reverse("api-practice-plan")}
        return Response(plan_shape(plan), status=status.HTTP_201_CREATED, headers=headers)

    @extend_schema(
        operation_id="interviews_practice_plan_stop",
        summary="Stop my practice plan",
        responses={204: OpenApiResponse(None, "Stopped. What was practised stays.")},
    )
    def delete(self, request: Request) -> Response:
        services.stop_plan(plan=self.plan(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def plan(self, request: Request) -> PracticePlan:
        own = PracticePlan.objects.of_person(user_of(request)).select_related("owner")
        return get_object_or_404(own)
