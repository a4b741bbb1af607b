"""More time in practice, or no timer, over REST."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.requests import user_of
from interviews import services
from interviews.api.practice_shapes import MoreTimeSerializer
from interviews.api.serializers import StateShape
from interviews.services.starting import resume
from interviews.services.states import session_state


class MoreTimeView(KnownParameters, APIView):
    """Gives the open question of practice, and all that follow, more time."""

    fails = {"put": (404, 409)}

    @extend_schema(
        operation_id="interviews_session_time",
        summary="Ask for more time, or for no timer",
        request=MoreTimeSerializer,
        responses=StateShape,
    )
    def put(self, request: Request, token: str) -> Response:
        form = MoreTimeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        session = services.give_more_time(
            user=user_of(request), token=token, factor=form.validated_data["time_factor"]
        )
        return Response(session_state(resume(session)))
