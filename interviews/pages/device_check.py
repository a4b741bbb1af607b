"""Before an interview: does the microphone work, and which button does what? Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from accounts.requests import user_of
from interviews.models.choices import Language
from interviews.services.hearing import voice_shape

SENTENCES = {
    Language.ENGLISH: "Last summer our team moved the old system to a new place without losing a single order.",
    Language.GERMAN: "Letzten Sommer hat unser Team das alte System umgezogen, ohne eine einzige Bestellung zu verlieren.",
    Language.SPANISH: "El verano pasado nuestro equipo trasladó el sistema antiguo sin perder un solo pedido.",
    Language.FRENCH: "L’été dernier, notre équipe a déplacé l’ancien système sans perdre une seule commande.",
}
QUESTIONS = {
    Language.ENGLISH: "What did you have for breakfast, and who made it?",
    Language.GERMAN: "Was gab es heute zum Frühstück, und wer hat es gemacht?",
    Language.SPANISH: "¿Qué desayunaste hoy y quién lo preparó?",
    Language.FRENCH: "Qu’avez-vous pris au petit-déjeuner, et qui l’a préparé ?",
}


class Rehearsal(LoginRequiredMixin, TemplateView):
    """A page that tries something out in the language that was asked for, or in the candidate's own."""

    def language(self) -> Language:
        wanted = self.request.GET.get("language") or user_of(self.request).known_language
        return Language(wanted) if wanted in Language.values else Language.ENGLISH

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        interview = {"language": self.language().value}
        return super().get_context_data(
            voice=voice_shape(), interview=interview, languages=Language.choices, **kwargs
        )


class DeviceCheckView(Rehearsal):
    """Choose a microphone, see its level, and see what is heard of one sentence."""

    template_name = "interviews/device_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sentence=SENTENCES[self.language()], **kwargs)


class PracticeRoomView(Rehearsal):
    """One question that does not count, with the room's own buttons."""

    template_name = "interviews/practice_room.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = {"text": QUESTIONS[self.language()]}
        return super().get_context_data(
            question=question, is_over="over" in self.request.GET, **kwargs
        )
