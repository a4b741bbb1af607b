"""Making, reading, changing and deleting an interview, each with its ETag."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import user_of
from interviews import services
from interviews.api.preconditions import etag_of, is_unchanged, precondition_of
from interviews.models import Interview


def address_of(interview: Interview) -> str:
    return reverse("api-interview-detail", kwargs={"pk": interview.pk})


def replayed(is_replay: bool) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if is_replay else {}


class Changes:
    """What a viewset of interviews does for its owner (a mixin)."""

    request: Any
    get_object: Any
    get_serializer: Any

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        interview, is_replay = services.create_interview_once(
            owner=user_of(request),
            key=request.headers.get("Idempotency-Key", ""),
            **form.validated_data,
        )
        headers = {"Location": address_of(interview), **replayed(is_replay)}
        return self.shown(interview, status=status.HTTP_201_CREATED, headers=headers)

    def retrieve(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        interview = self.get_object()
        precondition_of(request)(interview)
        tag = etag_of(interview)
        if is_unchanged(request, tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return self.shown(interview)

    def partial_update(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        interview = self.get_object()
        data = request.data  # what cannot be read is told before what has changed
        precondition = precondition_of(request)
        precondition(interview)
        form = self.get_serializer(interview, data=data, partial=True)
        form.is_valid(raise_exception=True)
        changed = services.change_interview(
            interview=interview,
            actor=user_of(request),
            precondition=precondition,
            **form.validated_data,
        )
        return self.shown(changed, headers={"Content-Location": address_of(changed)})

    def shown(self, interview: Interview, **more: Any) -> Response:
        """Return a reply with an interview and its tag."""
        response = Response(self.get_serializer(interview).data, **more)
        response["ETag"] = etag_of(interview)
        return response

    def perform_destroy(self, instance: Interview) -> None:
        services.delete_interview(
            interview=instance,
            actor=user_of(self.request),
            precondition=precondition_of(self.request),
        )
