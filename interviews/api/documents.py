"""What the OpenAPI schema says of parameters, headers and the operations on interviews."""

from __future__ import annotations

from typing import Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from interviews.api import serializers as shapes

HEADER: Final = "header"
ONE_TAG = '(W/)?"[!#-~]*"'
TAGS = {"type": "string", "pattern": rf"^(\*|{ONE_TAG}(, *{ONE_TAG})*)$"}

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 128},
    HEADER,
    description="Makes sending the same request again harmless: it is answered from what is stored.",
)
PREFER = OpenApiParameter(
    "Prefer",
    {"type": "string", "maxLength": 128},
    HEADER,
    description=(
        "With `respond-async` the reply to an answer of practice does not wait for its rating, if the next planned question "
        "can come first: `evaluation` is `pending` then, and the session's state has it later."
    ),
)
SESSION = OpenApiParameter(
    "session", str, description="The session's token, where there are several."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    TAGS,
    HEADER,
    description="Go on only if the interview still has one of these ETags.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", TAGS, HEADER, description="Answer 304 if the interview has one of these ETags."
)
RANGE = OpenApiParameter(
    "Range",
    {"type": "string", "pattern": "^bytes=[0-9]{1,9}-$"},
    HEADER,
    description="One range of bytes.",
)
STILL_WORKING = OpenApiResponse(
    shapes.WorkingShape, "What was sent is safe; send the same again after `Retry-After`."
)
SOUND = {
    (200, "audio/*"): OpenApiResponse(OpenApiTypes.BINARY, "The whole recording."),
    (206, "audio/*"): OpenApiResponse(OpenApiTypes.BINARY, "A part of the recording."),
}


def replayed_in(status: int) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotent-Replayed",
        {"type": "string", "enum": ["true"]},
        HEADER,
        response=[status],
        description="Present if this request was answered before.",
    )


def located_in(description: str) -> OpenApiParameter:
    return OpenApiParameter("Location", str, HEADER, response=[201], description=description)


def tagged_in(*statuses: int) -> OpenApiParameter:
    return OpenApiParameter(
        "ETag",
        str,
        HEADER,
        response=list(statuses),
        description="Names this state of the interview, for `If-Match`.",
    )


INTERVIEWS = {
    "list": extend_schema(summary="My interviews, or those assigned to me"),
    "create": extend_schema(
        summary="Set up an interview",
        parameters=[KEY, replayed_in(201), located_in("The interview."), tagged_in(201)],
    ),
    "retrieve": extend_schema(
        summary="An interview",
        parameters=[IF_MATCH, IF_NONE_MATCH, tagged_in(200, 304)],
        responses={200: shapes.InterviewSerializer, 304: OpenApiResponse(None, "Not modified")},
    ),
    "partial_update": extend_schema(
        summary="Change an interview; a published one gets a new version",
        description="A change of a published screening goes to the draft of its next version, which `Content-Location` "
        "names. A new `status` comes by itself: `published` or `archived`, for screenings.",
        parameters=[
            IF_MATCH,
            tagged_in(200),
            OpenApiParameter(
                "Content-Location",
                str,
                HEADER,
                response=[200],
                description="The interview that carries the change.",
            ),
        ],
    ),
    "destroy": extend_schema(summary="Delete an interview", parameters=[IF_MATCH]),
    "start": extend_schema(
        operation_id="interviews_start",
        summary="Open or resume the session",
        request=None,
        responses={200: shapes.StartShape, 202: STILL_WORKING},
        filters=False,
    ),
    "results": extend_schema(
        operation_id="interviews_results",
        summary="The final results of a session",
        parameters=[SESSION],
        responses=shapes.ResultsShape,
        filters=False,
    ),
}
