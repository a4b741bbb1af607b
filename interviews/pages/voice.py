"""Sound on the pages: recordings, questions read by the server's voice, and trying out the microphone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views import View
from rest_framework.throttling import ScopedRateThrottle

from accounts.requests import user_of
from accounts.waits import too_many
from interviews import services
from interviews.errors import Busy, InterviewError, InvalidInput, NotAudio, SpeechMissing, TooLarge
from interviews.models import Recording
from interviews.pages.room import own_session
from interviews.playing import Part, recording_response, sound_response
from interviews.services.reading_aloud import question_sound

STATUS: dict[type[InterviewError], int] = {
    InvalidInput: 400,
    TooLarge: 413,
    NotAudio: 415,
    SpeechMissing: 503,
    Busy: 503,
}
MISSING = "Send a recording."


class RecordingView(LoginRequiredMixin, View):
    """Plays a recording to those who may hear it."""

    def get(self, request: HttpRequest, token: str, turn: int, key: str) -> HttpResponseBase:
        place = Recording.objects.at(token=token, turn=turn, key=key)
        return recording_response(request, get_object_or_404(place.visible_to(user_of(request))))


class QuestionView(LoginRequiredMixin, View):
    """Reads a question of one's own session aloud, where the server has a voice."""

    def get(self, request: HttpRequest, token: str, turn: int) -> HttpResponseBase:
        session = own_session(request, token)
        asked = session.turn(turn)
        sound = question_sound(session.session, asked) if asked else None
        if sound is None:
            raise Http404
        part = Part(lambda: sound.path.open("rb"), sound.path.stat().st_size)
        return sound_response(request, part, sound.media_type, tag=sound.path.name[:16])


class TryVoiceView(LoginRequiredMixin, View):
    """Hears a recording that is not kept, so that candidates can try out their microphone."""

    throttle_scope = "transcribe"

    def post(self, request: HttpRequest) -> HttpResponse:
        throttle = ScopedRateThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            return JsonResponse({"detail": too_many(throttle.wait() or 60)}, status=429)
        audio = request.FILES.get("audio")
        try:
            if audio is None:
                raise InvalidInput("audio", MISSING)
            if (audio.size or 0) > settings.MAX_RECORDING_MB * 1024 * 1024:
                raise TooLarge(f"A recording has at most {settings.MAX_RECORDING_MB} MB.")
            language = request.POST.get("language", "en")
            return JsonResponse(services.try_voice(audio=audio.read(), language=language))
        except tuple(STATUS) as error:
            return JsonResponse({"detail": str(error)}, status=STATUS[type(error)])
