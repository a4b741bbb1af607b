"""URLs of the interview pages."""

from django.urls import path

from interviews.pages import (
    again,
    candidate,
    claims,
    device_check,
    mentor,
    mentor_links,
    more_time,
    practice_plan,
    results,
    room,
    staff,
    voice,
)

urlpatterns = [
    path("dashboard/", candidate.DashboardView.as_view(), name="dashboard"),
    path("history/", candidate.HistoryView.as_view(), name="history"),
    path("practice-plan/", practice_plan.PracticePlanView.as_view(), name="practice-plan"),
    path("practice-plan/today/", practice_plan.TodayView.as_view(), name="practise-today"),
    path("practice-plan/stop/", practice_plan.StopPlanView.as_view(), name="stop-plan"),
    path(
        "practice-plan/reminders/<str:token>/",
        practice_plan.StopRemindersView.as_view(),
        name="stop-reminders",
    ),
    path("interviews/new/", candidate.NewInterviewView.as_view(), name="new-interview"),
    path("interviews/<int:pk>/", candidate.InterviewView.as_view(), name="interview"),
    path(
        "interviews/<int:pk>/position/",
        candidate.NearestPositionView.as_view(),
        name="nearest-position",
    ),
    path(
        "interviews/<int:pk>/delete/",
        candidate.DeleteInterviewView.as_view(),
        name="delete-interview",
    ),
    path("room/<str:token>/", room.RoomView.as_view(), name="room"),
    path("room/<str:token>/time/", more_time.MoreTimeView.as_view(), name="more-time"),
    path("room/<str:token>/draft/", room.DraftView.as_view(), name="draft"),
    path(
        "room/<str:token>/recordings/<int:turn>/<str:key>/",
        voice.RecordingView.as_view(),
        name="recording",
    ),
    path("room/<str:token>/voice/<int:turn>/", voice.QuestionView.as_view(), name="question-voice"),
    path("microphone/", device_check.DeviceCheckView.as_view(), name="device-check"),
    path("microphone/practice/", device_check.PracticeRoomView.as_view(), name="practice-room"),
    path("microphone/try/", voice.TryVoiceView.as_view(), name="try-voice"),
    path("room/<str:token>/results/", results.ResultsView.as_view(), name="results"),
    path("room/<str:token>/results/said/", claims.ClaimView.as_view(), name="claim"),
    path(
        "room/<str:token>/results/mentor-links/",
        mentor_links.MakeMentorLinkView.as_view(),
        name="make-mentor-link",
    ),
    path(
        "room/<str:token>/results/mentor-links/<int:link>/withdraw/",
        mentor_links.WithdrawMentorLinkView.as_view(),
        name="withdraw-mentor-link",
    ),
    path("mentor/<str:token>/", mentor.MentorView.as_view(), name="mentor"),
    path("room/<str:token>/again/<int:turn>/", again.AgainView.as_view(), name="again"),
    path("room/<str:token>/results/ticked/", claims.TicksView.as_view(), name="ticks"),
    path("staff/screenings/", staff.ScreeningsView.as_view(), name="screenings"),
    path("staff/screenings/new/", staff.NewScreeningView.as_view(), name="new-screening"),
    path("staff/screenings/<int:pk>/", staff.ScreeningView.as_view(), name="screening"),
    path("staff/screenings/<int:pk>/publish/", staff.PublishView.as_view(), name="publish"),
    path("staff/screenings/<int:pk>/archive/", staff.ArchiveView.as_view(), name="archive"),
    path("staff/screenings/<int:pk>/assign/", staff.AssignView.as_view(), name="assign"),
    path("staff/sessions/<str:token>/", staff.ReviewView.as_view(), name="review"),
]
