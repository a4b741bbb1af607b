"""The one place where errors become HTTP: RFC 9457 problem JSON."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import exception_handler

from accounts.waits import too_many
from interviewer.problem_types import CONTENT_TYPE, type_of
from interviews import errors

A_MINUTE = 60
AWAY, BUSY_SECONDS = (OperationalError, InterfaceError), "2"
BUSY = "The database is busy. Send this again in a moment, an answer with the same Idempotency-Key."
TOO_BIG = "This body is over 8 MB. Send a recording as a file, in multipart/form-data."
KINDS: dict[type[Exception], tuple[HTTPStatus, str]] = {
    errors.NotFound: (HTTPStatus.NOT_FOUND, "not-found"),
    errors.InvalidInput: (HTTPStatus.BAD_REQUEST, "invalid"),
    errors.Conflict: (HTTPStatus.CONFLICT, "conflict"),
    errors.TooLate: (HTTPStatus.CONFLICT, "too-late"),
    errors.NewerDraft: (HTTPStatus.PRECONDITION_FAILED, "newer-draft"),
    errors.Changed: (HTTPStatus.PRECONDITION_FAILED, "precondition-failed"),
    errors.KeyReused: (HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused"),
    errors.Busy: (HTTPStatus.SERVICE_UNAVAILABLE, "provider-busy"),
    errors.SpeechMissing: (HTTPStatus.SERVICE_UNAVAILABLE, "speech-missing"),
    errors.NotAudio: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-audio"),
    errors.TooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "recording-too-large"),
    errors.QuotaUsed: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-recordings"),
}
DETAILS: dict[type[Exception], str] = {
    exceptions.ValidationError: "Some fields need another look.",
    Http404: "There is no such thing here, or it is not yours.",
    PermissionDenied: "You may not do this.",
}
OF_DRF = {"parse_error": "unreadable", "authentication_failed": "token-not-valid"}
KEPT = ("WWW-Authenticate", "Retry-After", "Allow", "Accept-Ranges", "Content-Range")


def problem(status: int, detail: str, *, kind: str = "", **context: Any) -> dict[str, Any]:
    """Return a problem's body; `context` adds members such as `errors` or `state`."""
    known = type_of(status, kind)
    address, title = (
        (known.address, known.title) if known else ("about:blank", HTTPStatus(status).phrase)
    )
    return {"type": address, "title": title, "status": status, "detail": detail, **context}


def problem_page(
    status: int,
    detail: str,
    *,
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> JsonResponse:
    """Return a problem, whatever renderers a view may have."""
    body = problem(status, detail, kind=kind, **context)
    return JsonResponse(
        body, status=status, headers=headers, encoder=JSONEncoder, content_type=CONTENT_TYPE
    )


def is_api(request: HttpRequest) -> bool:
    return request.path == "/health" or f"{request.path}/".startswith(("/api/", "/health/"))


def wants_problem(request: HttpRequest) -> bool:
    """Tell whether errors go to a program: an API client, or one that accepts JSON and no page."""
    return is_api(request) or request.get_preferred_type(
        ["text/html", CONTENT_TYPE, "application/json"]
    ) in {CONTENT_TYPE, "application/json"}


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """Map any expected error to its problem; what is unexpected stays a 500."""
    if isinstance(error, errors.StillWorking | errors.LeaseLost):
        return _still_working(error)
    if isinstance(error, errors.InterviewError):
        return _of_interview(error)
    if isinstance(error, AWAY):
        return database_busy()
    if isinstance(error, RequestDataTooBig):
        return problem_page(413, TOO_BIG, kind="body-too-large")
    response = exception_handler(error, context)
    if response is None:
        return None
    return problem_page(
        response.status_code,
        _detail(error, response.data, context),
        kind=_kind(error),
        headers=kept_headers(response),
        **_errors(error),
    )


def database_busy() -> JsonResponse:
    return problem_page(503, BUSY, kind="database-busy", headers={"Retry-After": BUSY_SECONDS})


def _still_working(error: errors.StillWorking | errors.LeaseLost) -> JsonResponse:
    """Say that the answer is safe and its result on the way: no problem, but nothing to show yet."""
    body = {"status": "working", "detail": str(error), "retry_after": error.retry_after}
    return JsonResponse(body, status=202, headers={"Retry-After": str(error.retry_after)})


def _of_interview(error: errors.InterviewError) -> JsonResponse:
    status, kind = KINDS[type(error)]
    extra: dict[str, Any] = {}
    if isinstance(error, errors.InvalidInput):
        extra["errors"] = {error.field: [error.message]}
    if isinstance(error, errors.Conflict):
        kind = error.kind
        extra |= {"state": error.state} if error.state else {}
    wait = getattr(error, "retry_after", 0)
    headers = {"Retry-After": str(wait)} if wait else {}
    return problem_page(status, str(error), kind=kind, headers=headers, **extra)


def _kind(error: Exception) -> str:
    """Return the name of a DRF error's type; its code says more than its status."""
    code = getattr(error, "default_code", "")
    return OF_DRF.get(code, code.replace("_", "-"))


def _detail(error: Exception, data: Any, context: Mapping[str, Any]) -> str:
    if fixed := next((told for kind, told in DETAILS.items() if isinstance(error, kind)), ""):
        return fixed
    if isinstance(error, exceptions.Throttled):
        return too_many(getattr(error, "wait", None) or A_MINUTE)
    if isinstance(error, exceptions.UnsupportedMediaType | exceptions.NotAcceptable):
        return f"{data['detail']} {_taken(error, context['view'])}"
    if isinstance(error, exceptions.MethodNotAllowed):
        return _("This address does not take that method; “Allow” lists those it takes.")
    return str(data.get("detail", error)) if isinstance(data, dict) else str(error)


def _taken(error: Exception, view: Any) -> str:
    """Say which media types a view reads, or writes."""
    if isinstance(error, exceptions.UnsupportedMediaType):
        read = " / ".join(parser.media_type for parser in view.parser_classes)
        return _("Send “Content-Type: %(known)s”.") % {"known": read}
    written = " / ".join(renderer.media_type for renderer in view.renderer_classes)
    return _("Send “Accept: %(known)s”.") % {"known": written}


def _errors(error: Exception) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        return {}
    found = error.detail
    return {"errors": found if isinstance(found, dict) else {"non_field_errors": found}}


def kept_headers(response: HttpResponseBase) -> dict[str, str]:
    return {name: response[name] for name in KEPT if name in response.headers}
