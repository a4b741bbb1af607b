"""URLs of the sockets."""

from django.urls import re_path

from interviews.live.consumer import InterviewConsumer
from interviews.live.nowhere import NowhereConsumer

urlpatterns = [
    re_path(
        r"^ws/interviews/(?P<token>[\w-]{1,64})/?$", InterviewConsumer.as_asgi(), name="live-room"
    ),
    re_path(r"", NowhereConsumer.as_asgi()),
]
