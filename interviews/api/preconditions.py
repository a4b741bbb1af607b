"""ETags of interviews, and what `If-Match` and `If-None-Match` make of them (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from interviews.api.serializers import ListedInterviewSerializer
from interviews.errors import Changed, InvalidInput
from interviews.models import Interview
from interviews.services.versions import Precondition

TAG = r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"\*|{TAG}(\s*,\s*{TAG})*")


def etag(shape: Any) -> str:
    """Return the strong tag of an interview's representation."""
    canonical = json.dumps(shape, sort_keys=True, cls=JSONEncoder)
    return f'"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"'


def etag_of(interview: Interview) -> str:
    return etag(ListedInterviewSerializer(interview).data)


def precondition_of(request: Request) -> Precondition:
    """Return what checks `If-Match` against an interview: it raises `Changed` if that is another one.

    Weak tags match nothing, as the standard has it. Raises `InvalidInput` for what is no list of tags.
    """
    tags = _tags(request, "If-Match")

    def check(interview: Interview) -> None:
        if tags and tags != ["*"] and etag_of(interview) not in tags:
            raise Changed(_("This interview is not as you read it. Read it again, then change it."))

    return check


def is_unchanged(request: Request, tag: str) -> bool:
    """Tell whether a client that sent `If-None-Match` has this representation already."""
    tags = _tags(request, "If-None-Match")
    return tags == ["*"] or tag in [known.removeprefix("W/") for known in tags]


def _tags(request: Request, header: str) -> list[str]:
    given = request.headers.get(header)
    if given is None:
        return []
    if not TAGS.fullmatch(given.strip()):
        raise InvalidInput(header, _("Send an ETag as you got it, in quotes; several by commas."))
    return parse_etags(given.strip())
