"""URLs of the interview API; a trailing slash is optional."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from interviews.api import views
from interviews.api.again import AgainView
from interviews.api.mentor_links import MentorLinksView, MentorLinkView
from interviews.api.more_time import MoreTimeView
from interviews.api.practice_history import PracticeHistoryView
from interviews.api.practice_plan import PracticePlanView

router = SimpleRouter()
router.trailing_slash = "/?"
router.register("interviews", views.InterviewViewSet, basename="api-interview")

urlpatterns = [
    re_path(r"^interviews/session/submit/?$", views.SubmitView.as_view(), name="api-submit"),
    re_path(r"^interviews/practice-plan/?$", PracticePlanView.as_view(), name="api-practice-plan"),
    re_path(
        r"^interviews/practice-history/?$",
        PracticeHistoryView.as_view(),
        name="api-practice-history",
    ),
    re_path(r"^auth/ws-ticket/?$", views.TicketView.as_view(), name="api-ws-ticket"),
    re_path(
        r"^interviews/session/transcribe/?$", views.TranscribeView.as_view(), name="api-transcribe"
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/recordings/(?P<turn>[0-9]{1,4})"
        r"/(?P<key>[\x21-\x2e\x30-\x7e]{1,64})/?$",
        views.RecordingView.as_view(),
        name="api-recording",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/turns/(?P<turn>[0-9]{1,4})"
        r"/points/(?P<point>[\x21-\x2e\x30-\x7e]{1,100})/claim/?$",
        views.ClaimView.as_view(),
        name="api-claim",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/mentor-links/?$",
        MentorLinksView.as_view(),
        name="api-mentor-links",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/mentor-links/(?P<link>[0-9]{1,18})/?$",
        MentorLinkView.as_view(),
        name="api-mentor-link",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/turns/(?P<turn>[0-9]{1,4})/again/?$",
        AgainView.as_view(),
        name="api-again",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/time/?$",
        MoreTimeView.as_view(),
        name="api-more-time",
    ),
    re_path(
        r"^interviews/session/(?P<token>[A-Za-z0-9_-]{1,64})/?$",
        views.SessionView.as_view(),
        name="api-session",
    ),
    re_path(r"^interviews/demo/complete-workflow/?$", views.DemoView.as_view(), name="api-demo"),
    path("", include(router.urls)),
]
