"""Every kind of problem that a client can be told, each with a stable address that documents it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"
PAGE = "/api/problems"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: its status, its title, and what a client should do about it."""

    kind: str
    status: HTTPStatus
    title: Promise
    remedy: Promise

    @property
    def address(self) -> str:
        return f"{PAGE}#{self.kind}"


S = HTTPStatus
ALL = (
    ProblemType(
        "invalid",
        S.BAD_REQUEST,
        _("Some values cannot be used"),
        _("“errors” names each member, parameter or header, and says what it takes."),
    ),
    ProblemType(
        "unreadable",
        S.BAD_REQUEST,
        _("The request cannot be read"),
        _("Send well-formed JSON (or the form that the schema names), each member once."),
    ),
    ProblemType(
        "not-authenticated",
        S.UNAUTHORIZED,
        _("Not signed in"),
        _("Send “Authorization: Bearer …” with an access token."),
    ),
    ProblemType(
        "token-not-valid",
        S.UNAUTHORIZED,
        _("The token is not valid"),
        _("It has expired or was revoked. Trade the refresh token for a new pair, or sign in."),
    ),
    ProblemType(
        "sign-in-failed",
        S.UNAUTHORIZED,
        _("E-mail address and password do not match"),
        _("Check both. Which of them is wrong is not told."),
    ),
    ProblemType(
        "permission-denied",
        S.FORBIDDEN,
        _("Not allowed"),
        _("Ask an administrator for the permission."),
    ),
    ProblemType(
        "csrf",
        S.FORBIDDEN,
        _("The form has expired"),
        _("Load the page again, then send its form."),
    ),
    ProblemType(
        "not-found",
        S.NOT_FOUND,
        _("Not found"),
        _("There is no such thing, or it is not yours; the two are not told apart."),
    ),
    ProblemType(
        "no-such-page",
        S.NOT_FOUND,
        _("No such page"),
        _("The list is shorter. Follow its “next” links, or begin with page 1."),
    ),
    ProblemType(
        "method-not-allowed",
        S.METHOD_NOT_ALLOWED,
        _("Method not allowed"),
        _("The “Allow” header lists the methods of this address."),
    ),
    ProblemType(
        "not-acceptable",
        S.NOT_ACCEPTABLE,
        _("Not acceptable"),
        _("Accept application/json."),
    ),
    ProblemType(
        "too-slow",
        S.REQUEST_TIMEOUT,
        _("The request took too long to arrive"),
        _("Send it again, without pauses."),
    ),
    ProblemType(
        "conflict",
        S.CONFLICT,
        _("Does not fit the present state"),
        _("Read the present state, then decide again."),
    ),
    ProblemType(
        "turn-not-open",
        S.CONFLICT,
        _("The question is not open"),
        _("It was answered already, or its time is over. “state” is the session as it is now."),
    ),
    ProblemType(
        "too-late",
        S.CONFLICT,
        _("The answer came after its time"),
        _("What was written by then counts. “state” is the session as it is now."),
    ),
    ProblemType(
        "interview-closed",
        S.CONFLICT,
        _("The interview is closed"),
        _("It was archived, or it is answered by those it is assigned to."),
    ),
    ProblemType(
        "interview-frozen",
        S.CONFLICT,
        _("The interview cannot be changed any more"),
        _("Practice that has begun and archived interviews stay as they are. Make a new one."),
    ),
    ProblemType(
        "newer-version",
        S.CONFLICT,
        _("There is a newer version"),
        _("The next version of this interview is published. Change that one."),
    ),
    ProblemType(
        "still-needed",
        S.CONFLICT,
        _("Others depend on it"),
        _("Archive or disable it instead of deleting it."),
    ),
    ProblemType(
        "precondition-failed",
        S.PRECONDITION_FAILED,
        _("It was changed in the meantime"),
        _("Read it again, and send the change with the new ETag in “If-Match”."),
    ),
    ProblemType(
        "newer-draft",
        S.PRECONDITION_FAILED,
        _("There is a newer draft"),
        _("Another device or window stored a draft in the meantime. Read it, then decide."),
    ),
    ProblemType(
        "body-too-large",
        S.REQUEST_ENTITY_TOO_LARGE,
        _("The body is too large"),
        _("Send a recording as a file, in multipart/form-data."),
    ),
    ProblemType(
        "recording-too-large",
        S.REQUEST_ENTITY_TOO_LARGE,
        _("The recording is too large"),
        _("Send a shorter recording."),
    ),
    ProblemType(
        "unsupported-media-type",
        S.UNSUPPORTED_MEDIA_TYPE,
        _("Unsupported media type"),
        _("Send the content type that the schema names."),
    ),
    ProblemType(
        "not-audio",
        S.UNSUPPORTED_MEDIA_TYPE,
        _("Not a recording"),
        _("Send audio in a common format, such as WebM, Ogg, MP4, MP3 or WAV."),
    ),
    ProblemType(
        "range-not-satisfiable",
        S.REQUESTED_RANGE_NOT_SATISFIABLE,
        _("The range is past the end"),
        _("“Content-Range” tells how many bytes there are."),
    ),
    ProblemType(
        "key-reused",
        S.UNPROCESSABLE_ENTITY,
        _("The Idempotency-Key was used with another body"),
        _("Use a new key for a new request, and the same key only to repeat one."),
    ),
    ProblemType(
        "throttled",
        S.TOO_MANY_REQUESTS,
        _("Too many requests"),
        _("Wait as many seconds as “Retry-After” says."),
    ),
    ProblemType(
        "locked-out",
        S.TOO_MANY_REQUESTS,
        _("Too many failed sign-ins"),
        _("Wait as many seconds as “Retry-After” says, or reset the password."),
    ),
    ProblemType(
        "too-many-recordings",
        S.TOO_MANY_REQUESTS,
        _("Too many recordings"),
        _("This question has as many recordings as one may have. Confirm one, or type."),
    ),
    ProblemType(
        "server-error",
        S.INTERNAL_SERVER_ERROR,
        _("Something broke on our side"),
        _("Try again; what was acknowledged before is safe."),
    ),
    ProblemType(
        "database-busy",
        S.SERVICE_UNAVAILABLE,
        _("The database is busy"),
        _("Send the request again after “Retry-After”, an answer with the same key."),
    ),
    ProblemType(
        "provider-busy",
        S.SERVICE_UNAVAILABLE,
        _("A provider is busy"),
        _("Send the request again after “Retry-After”; nothing is lost."),
    ),
    ProblemType(
        "speech-missing",
        S.SERVICE_UNAVAILABLE,
        _("No speech provider"),
        _("This installation does not transcribe. Send response_text."),
    ),
)
BY_KIND = {one.kind: one for one in ALL}
BY_STATUS = {one.status: one for one in reversed(ALL)}


def type_of(status: int, kind: str = "") -> ProblemType | None:
    """Return the type of this name, or else the general one of a status; None if there is neither."""
    return BY_KIND.get(kind) or BY_STATUS.get(HTTPStatus(status))
