"""What a client accepts."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from interviewer.problem_types import CONTENT_TYPE


class Negotiation(DefaultContentNegotiation):
    """Serves a client that lists only problem JSON, or nothing at all, the ordinary reply."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            accepted = request.headers.get("Accept", "").strip().lower()
            if accepted and CONTENT_TYPE not in accepted:
                raise
            return renderers[0], renderers[0].media_type

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        """Return the renderers of `?format=`; an unknown one is no missing page, as Django REST framework has it."""
        try:
            return super().filter_renderers(renderers, format)
        except Http404 as error:
            known = ", ".join(dict.fromkeys(renderer.format for renderer in renderers))
            told = _("Use one of: %(known)s.") % {"known": known}
            raise ValidationError({"format": [told]}) from error
