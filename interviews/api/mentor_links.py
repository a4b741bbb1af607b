"""The API of private links by which candidates show the results of their practice to a mentor."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.lists import KnownParameters
from accounts.mails import site_of
from accounts.requests import user_of
from interviews import services
from interviews.api.documents import located_in
from interviews.api.serializers import NothingSerializer
from interviews.models import MentorLink
from interviews.services.mentor_links import mentor_address, open_mentor_links


class MentorLinkShape(serializers.Serializer[Any]):
    """A link that works; anybody who has `url` can read the results until `expires_at`."""

    id = serializers.IntegerField()
    url = serializers.CharField(help_text="The whole address of a page; it needs no signing in.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


def link_shape(link: MentorLink, request: Request) -> dict[str, Any]:
    url = mentor_address(link, site=site_of(request))
    return {"id": link.pk, "url": url, "created_at": link.created_at, "expires_at": link.expires_at}


class MentorLinksView(KnownParameters, APIView):
    """The links to one's own finished practice that work now."""

    fails = {"get": (404,), "post": (404, 409)}

    @extend_schema(
        operation_id="interviews_session_mentor_links",
        summary="My links for a mentor",
        responses=MentorLinkShape(many=True),
    )
    def get(self, request: Request, token: str) -> Response:
        links = open_mentor_links(user=user_of(request), token=token)
        return Response([link_shape(link, request) for link in links])

    @extend_schema(
        operation_id="interviews_session_mentor_links_create",
        summary="Make a link that shows the results of my practice to a mentor",
        description="It expires after 14 days and can be withdrawn. At most five work at once.",
        parameters=[located_in("The page for the mentor.")],
        request=None,
        responses={201: MentorLinkShape},
    )
    def post(self, request: Request, token: str) -> Response:
        NothingSerializer(data=request.data or {}).is_valid(raise_exception=True)
        link = services.make_mentor_link(user=user_of(request), token=token)
        shape = link_shape(link, request)
        headers = {"Location": shape["url"]}
        return Response(shape, status=status.HTTP_201_CREATED, headers=headers)


class MentorLinkView(KnownParameters, APIView):
    """One link to one's own practice."""

    fails = {"delete": (404,)}

    @extend_schema(
        operation_id="interviews_session_mentor_links_withdraw",
        summary="Withdraw a link for a mentor",
        responses={204: OpenApiResponse(None, "Withdrawn. It shows nothing any more.")},
    )
    def delete(self, request: Request, token: str, link: str) -> Response:
        services.withdraw_mentor_link(user=user_of(request), token=token, link=int(link))
        return Response(status=status.HTTP_204_NO_CONTENT)
