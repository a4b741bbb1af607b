"""Replies of every kind that are larger than one of Daphne's messages, for the tests of HEAD."""

import io
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.views import SpectacularAPIView

SIZE = 300_000


def whole(_request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(b"x" * SIZE)


def file(_request: HttpRequest) -> HttpResponseBase:
    return FileResponse(io.BytesIO(b"x" * SIZE))


def stream(_request: HttpRequest) -> HttpResponseBase:
    def parts() -> Iterator[bytes]:
        yield from (b"x" * 1000 for _ in range(SIZE // 1000))

    return StreamingHttpResponse(parts())


def failure(_request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(b"x" * SIZE, status=500)


urlpatterns = [
    path("whole", whole),
    path("file", file),
    path("stream", stream),
    path("failure", failure),
    path("api/schema", SpectacularAPIView.as_view(urlconf="interviewer.urls"), name="api-schema"),
]
