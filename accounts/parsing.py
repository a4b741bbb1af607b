"""Reads what API clients send."""

from __future__ import annotations

import codecs
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class ShallowJSONParser(JSONParser):
    """Reads JSON; what is nested deeper than Python can follow, or says a thing twice, is the sender's mistake."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text: Any = codecs.getreader(encoding)(stream)
            return json.load(
                text, parse_constant=json.strict_constant, object_pairs_hook=_each_once
            )
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; Python would silently keep the last of two with one name."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ParseError(_("This JSON has the member “%(name)s” twice.") % {"name": name[:100]})
        members[name] = value
    return members
