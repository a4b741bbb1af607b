"""The interview API: thin views over the services."""

from __future__ import annotations

from typing import Any, cast

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.parsing import ShallowJSONParser
from accounts.requests import user_of
from accounts.throttles import AnswerThrottle, TicketThrottle
from ai.schemas import InterviewSpec
from interviews import services
from interviews.api import demo
from interviews.api import serializers as shapes
from interviews.api.audio import audio_of
from interviews.api.changes import Changes, replayed
from interviews.api.documents import (
    INTERVIEWS,
    KEY,
    PREFER,
    RANGE,
    SOUND,
    STILL_WORKING,
    located_in,
    replayed_in,
)
from interviews.api.filters import InterviewFilters
from interviews.errors import InvalidInput
from interviews.models import Interview, Recording
from interviews.playing import recording_response
from interviews.services.lookups import candidates_session
from interviews.services.starting import resume
from interviews.services.states import session_state
from interviews.services.turn.answer import Submission


@extend_schema_view(**INTERVIEWS)
class InterviewViewSet(KnownParameters, Changes, viewsets.ModelViewSet[Interview]):
    """Interviews that somebody owns, or may read."""

    queryset = Interview.objects.all()
    serializer_class = shapes.InterviewSerializer
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    filterset_class = InterviewFilters
    ordering_fields = ["id", "created_at", "position"]
    query_parameters = {"results": {"session"}}
    fails = {
        "create": (422,),
        "retrieve": (412,),
        "partial_update": (409, 412),
        "destroy": (409, 412),
        "start": (409,),
    }

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Interview.objects.none()
        user, interviews = user_of(self.request), Interview.objects.all()
        if self.action == "start":
            return interviews.visible_to(user) | interviews.startable_by(user)
        if self.action == "partial_update":
            return interviews.managed_by(user)
        if self.action == "destroy":
            return interviews.deletable_by(user)
        if self.action == "list" and self.request.query_params.get("assigned"):
            return interviews.assigned_to(user)
        return interviews.visible_to(user)

    def get_serializer_class(self) -> type[shapes.ListedInterviewSerializer]:
        is_list = self.action == "list"
        return shapes.ListedInterviewSerializer if is_list else shapes.InterviewSerializer

    @action(detail=True, methods=["post"])
    def start(self, request: Request, **_kwargs: str) -> Response:
        """Open or resume the session; the candidate agrees to have their answers stored and rated."""
        shapes.NothingSerializer(data=request.data or {}).is_valid(raise_exception=True)
        interview = self.get_object()
        session = services.start_interview(interview=interview, user=user_of(request))
        state = session_state(session)
        return Response({k: state[k] for k in ("session_token", "status", "question", "progress")})

    @action(detail=True, methods=["get"])
    def results(self, request: Request, **_kwargs: str) -> Response:
        """Give the final results; `incomplete` while a rating is pending."""
        token = request.query_params.get("session", "")
        interview = self.get_object()
        return Response(
            services.interview_results(interview=interview, user=user_of(request), token=token)
        )


class SessionView(KnownParameters, APIView):
    """One session, for its candidate."""

    @extend_schema(
        operation_id="interviews_session_retrieve",
        summary="Resume a session",
        responses=shapes.StateShape,
    )
    def get(self, request: Request, token: str) -> Response:
        session = resume(candidates_session(user_of(request), token))
        return Response(session_state(session))


class SubmitView(KnownParameters, APIView):
    """Takes an answer: words, a recording, or the decision to skip the question."""

    fails = {"post": (404, 409, 422)}
    parser_classes = [ShallowJSONParser, MultiPartParser]
    throttle_classes = [AnswerThrottle]
    throttle_scope = "submit"

    @extend_schema(
        operation_id="interviews_session_submit",
        summary="Answer the open question",
        parameters=[KEY, PREFER, replayed_in(200)],
        request={
            "application/json": shapes.SubmitSerializer,
            "multipart/form-data": shapes.SubmitFormSerializer,
        },
        responses={200: shapes.SubmitShape, 202: STILL_WORKING},
    )
    def post(self, request: Request) -> Response:
        form = shapes.SubmitFormSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        submitted = services.submit_response(
            user=user_of(request),
            token=given["session_token"],
            submission=submission_of(given, request.headers.get("Idempotency-Key", "")),
            respond_async=prefers_async(request),
        )
        return Response(submitted.reply, headers=replayed(submitted.is_replay))


def prefers_async(request: Request) -> bool:
    """Tell whether the client would rather not wait for a rating (RFC 7240)."""
    preferences = request.headers.get("Prefer", "").lower().split(",")
    return any(one.split(";")[0].strip() == "respond-async" for one in preferences)


def submission_of(given: dict[str, Any], key: str) -> Submission:
    """Return the answer in a request: words, or sound, or words that confirm what was heard in a recording."""
    audio, text = audio_of(given), given.get("response_text")
    if audio and text is not None:
        field = "audio" if given.get("audio") else "audio_base64"
        raise InvalidInput(field, "Send audio or response_text, not both; a recording confirms.")
    if given["skip"] and (audio or given.get("recording") or (text or "").strip()):
        raise InvalidInput("skip", _("Send an answer or skip: true, not both."))
    if audio and given.get("recording"):
        raise InvalidInput("recording", _("Send audio or the recording of it, not both."))
    if text is None and not audio and not given["skip"]:
        raise InvalidInput("response_text", "Write an answer, or send skip: true.")
    recording = given.get("recording", "")
    return Submission(
        given["turn"], text or "", key, given["skip"], audio, recording, given["as_answer"]
    )


class TranscribeView(KnownParameters, APIView):
    """Keeps a spoken answer's recording and returns what was heard, to confirm or to correct."""

    fails = {"post": (404, 409)}
    parser_classes = [ShallowJSONParser, MultiPartParser]
    throttle_classes = [AnswerThrottle]
    throttle_scope = "transcribe"

    @extend_schema(
        operation_id="interviews_session_transcribe",
        summary="Transcribe a recording",
        request={
            "application/json": shapes.TranscribeSerializer,
            "multipart/form-data": shapes.TranscribeFormSerializer,
        },
        responses=shapes.TranscriptShape,
    )
    def post(self, request: Request) -> Response:
        is_form = (request.content_type or "").startswith("multipart/")
        shape = shapes.TranscribeFormSerializer if is_form else shapes.TranscribeSerializer
        form = shape(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        heard = services.transcribe(
            user=user_of(request),
            token=given["session_token"],
            turn=given["turn"],
            audio=audio_of(given),
        )
        return Response(heard)


class RecordingView(KnownParameters, APIView):
    """Plays a recording to those who may hear it; ranges are supported."""

    fails = {"get": (416,)}

    @extend_schema(
        operation_id="interviews_session_recording",
        summary="Play a recording",
        parameters=[RANGE],
        responses=SOUND,
    )
    def get(self, request: Request, token: str, turn: int, key: str) -> HttpResponseBase:
        place = Recording.objects.at(token=token, turn=turn, key=key)
        recording = get_object_or_404(place.visible_to(user_of(request)))
        return recording_response(request._request, recording)


class ClaimView(KnownParameters, APIView):
    """Keeps that a candidate says they said a point, beside the machine's view; it changes no rating."""

    fails = {"put": (404, 409), "delete": (404, 409)}

    @extend_schema(
        operation_id="interviews_session_claim",
        summary="Say that a point was said",
        request=None,
        responses=shapes.ClaimShape,
    )
    def put(self, request: Request, token: str, turn: str, point: str) -> Response:
        place: dict[str, Any] = {"token": token, "turn": int(turn), "point": point}
        claim = services.claim_point(user=user_of(request), **place)
        shape = {"turn": int(turn), "point": claim.point, "created_at": claim.created_at}
        return Response(shape)

    @extend_schema(
        operation_id="interviews_session_claim_withdraw",
        summary="Take back that a point was said",
        responses={204: None},
    )
    def delete(self, request: Request, token: str, turn: str, point: str) -> Response:
        services.withdraw_claim(user=user_of(request), token=token, turn=int(turn), point=point)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TicketView(KnownParameters, APIView):
    """Gives a single-use ticket, good for 30 s, that opens one session's socket."""

    fails = {"post": (404,)}
    throttle_classes = [TicketThrottle]

    @extend_schema(
        operation_id="auth_ws_ticket",
        summary="Get a ticket for the socket",
        parameters=[located_in("The socket's address.")],
        request=shapes.TicketSerializer,
        responses={201: shapes.TicketShape},
    )
    def post(self, request: Request) -> Response:
        form = shapes.TicketSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token = form.validated_data["session_token"]
        ticket = services.issue_ticket(user=user_of(request), token=token)
        url = f"/ws/interviews/{token}/"
        shape = {"ticket": ticket, "expires_in": 30, "url": url}
        return Response(shape, status=status.HTTP_201_CREATED, headers={"Location": url})


class DemoView(KnownParameters, APIView):
    """Runs the whole workflow for one response; nothing is stored."""

    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "demo"

    @extend_schema(
        operation_id="interviews_demo_complete_workflow",
        summary="Run the whole workflow on one response",
        request=demo.DemoSerializer,
        responses=demo.DemoShape,
    )
    def post(self, request: Request) -> Response:
        form = demo.DemoSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        text = given.pop("response_text")
        spec = {**given, "mode": "practice", "job_description": "", "seed": "demo"}
        done = services.complete_workflow(spec=cast("InterviewSpec", spec), response_text=text)
        return Response(done, status=status.HTTP_200_OK)
