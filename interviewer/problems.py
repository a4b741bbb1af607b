"""The one place where errors become HTTP: RFC 9457 problem JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.waits import too_many
from interviews import errors

A_MINUTE = 60
CONTENT_TYPE = "application/problem+json"
BUSY = "The database is busy. Send this again in a moment, an answer with the same Idempotency-Key."
TOO_BIG = "This body is over 8 MB. Send a recording as a file, in multipart/form-data."
STATUS = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.InvalidInput: HTTPStatus.BAD_REQUEST,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.NewerDraft: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLate: HTTPStatus.CONFLICT,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.StillWorking: HTTPStatus.ACCEPTED,
    errors.LeaseLost: HTTPStatus.ACCEPTED,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SpeechMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NotAudio: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.QuotaUsed: HTTPStatus.TOO_MANY_REQUESTS,
}


def problem(status: int, detail: str, **context: Any) -> dict[str, Any]:
    """Return a problem's body; `context` adds members such as `errors` or `state`."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **context}


def problem_page(status: int, detail: str) -> JsonResponse:
    """Return a problem from outside DRF."""
    return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map any expected error to its problem; what is unexpected stays a 500."""
    if isinstance(error, errors.InterviewError):
        return _of_interview(error)
    if isinstance(error, OperationalError):
        body = problem(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
        headers = {"Retry-After": "2"}
        return Response(body, body["status"], headers=headers, content_type=CONTENT_TYPE)
    if isinstance(error, RequestDataTooBig):
        body = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_BIG)
        return Response(body, body["status"], content_type=CONTENT_TYPE)
    response = exception_handler(error, context)
    if response is None:
        return None
    body = problem(response.status_code, _detail(error, response.data), **_errors(error))
    return Response(body, response.status_code, headers=_kept(response), content_type=CONTENT_TYPE)


def _of_interview(error: errors.InterviewError) -> Response:
    status = STATUS[type(error)]
    extra = (
        {"errors": {error.field: [error.message]}} if isinstance(error, errors.InvalidInput) else {}
    )
    state = getattr(error, "state", None)
    body = problem(status, str(error), **extra, **({"state": state} if state else {}))
    wait = getattr(error, "retry_after", 0)
    headers = {"Retry-After": str(wait)} if wait else {}
    return Response(body, status, headers=headers, content_type=CONTENT_TYPE)


def _detail(error: Exception, data: Any) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some fields need another look."
    if isinstance(error, Http404):
        return "There is no such thing here, or it is not yours."
    if isinstance(error, PermissionDenied):
        return "You may not do this."
    if isinstance(error, exceptions.Throttled):
        return too_many(getattr(error, "wait", None) or A_MINUTE)
    return str(data.get("detail", error)) if isinstance(data, dict) else str(error)


def _errors(error: Exception) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        return {}
    found = error.detail
    return {"errors": found if isinstance(found, dict) else {"non_field_errors": found}}


def _kept(response: Response) -> dict[str, str]:
    return {k: v for k, v in response.items() if k in {"WWW-Authenticate", "Retry-After", "Allow"}}
