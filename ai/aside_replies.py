"""What the interviewer says to an aside, in the interview's language; the question stays open whatever it is."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from ai.asides import AsideKind
from ai.schemas import Mode, QuestionType

Texts = MappingProxyType[str, str]
ENGLISH: Texts = MappingProxyType(
    {
        "rephrase": "In other words: {words}",
        "behavioral": "Think of one time when something like this happened to you. Say what the situation was, what you did, and what came of it.",
        "technical": "Say what you know about it, in any order: what it is, how it works, and when you would use it.",
        "system_design": "Say how you would build it, piece by piece, and why you would do it that way.",
        "situational": "Imagine that it happens to you tomorrow. Say what you would do first, what then, and why.",
        "follow_up": "It asks for one more thing about what you have just answered. Take it as you understand it.",
        "help": "You may type or speak, as you like. Everything that you have sent is kept.",
        "help_screening": "For a person to talk to, more time or another way, write to the people who invited you. This is kept for them.",
        "help_practice": "Nobody else takes part in practice: take breaks, and do it in your own way.",
        "fault": "Thank you, this is noted. You can type instead of speaking, and reload the page: what you have sent and written is kept.",
        "fault_screening": "If it stays like that, write to the people who invited you.",
        "distress": "Take a breath. You may skip this question, or leave: everything that you have sent is kept. "
        "If you are in danger or think of harming yourself, call your local emergency number or somebody you trust now.",
        "other": "Answer in your own way, in a few sentences, or skip this question with the button below.",
        "second": "The people who invited you will see this.",
    }
)
GERMAN: Texts = MappingProxyType(
    {
        "rephrase": "Anders gesagt: {words}",
        "behavioral": "Denken Sie an ein Mal, als Ihnen so etwas passiert ist. Sagen Sie, wie die Lage war, was Sie getan haben und was daraus wurde.",
        "technical": "Sagen Sie, was Sie darüber wissen, egal in welcher Reihenfolge: was es ist, wie es geht und wann Sie es einsetzen würden.",
        "system_design": "Sagen Sie Stück für Stück, wie Sie es bauen würden und warum so.",
        "situational": "Stellen Sie sich vor, es passiert Ihnen morgen. Sagen Sie, was Sie zuerst tun, was danach, und warum.",
        "follow_up": "Gefragt ist noch eine Sache zu dem, was Sie eben gesagt haben. Nehmen Sie die Frage, wie Sie sie verstehen.",
        "help": "Sie können tippen oder sprechen, wie Sie möchten. Alles, was Sie gesendet haben, ist gespeichert.",
        "help_screening": "Wenn Sie mit einem Menschen sprechen möchten oder mehr Zeit oder einen anderen Weg brauchen, schreiben Sie denen, die Sie eingeladen haben. Ihre Nachricht bleibt für sie gespeichert.",
        "help_practice": "Beim Üben ist sonst niemand dabei: Machen Sie Pausen, und gehen Sie es auf Ihre Art an.",
        "fault": "Danke, das ist vermerkt. Sie können tippen statt sprechen und die Seite neu laden: Was Sie gesendet und geschrieben haben, bleibt.",
        "fault_screening": "Wenn es so bleibt, schreiben Sie denen, die Sie eingeladen haben.",
        "distress": "Atmen Sie durch. Sie können diese Frage überspringen oder gehen: Alles, was Sie gesendet haben, bleibt. "
        "Wenn Sie in Gefahr sind oder daran denken, sich etwas anzutun, rufen Sie jetzt den Notruf oder jemanden an, dem Sie vertrauen.",
        "other": "Antworten Sie auf Ihre Art in einigen Sätzen, oder überspringen Sie die Frage mit dem Knopf unten.",
        "second": "Die Menschen, die Sie eingeladen haben, werden das sehen.",
    }
)
SPANISH: Texts = MappingProxyType(
    {
        "rephrase": "Dicho de otro modo: {words}",
        "behavioral": "Piense en una vez en que le pasó algo así. Diga cuál era la situación, qué hizo usted y en qué quedó.",
        "technical": "Diga lo que sabe de ello, en cualquier orden: qué es, cómo funciona y cuándo lo usaría.",
        "system_design": "Diga cómo lo construiría, parte por parte, y por qué así.",
        "situational": "Imagine que le pasa mañana. Diga qué haría primero, qué después y por qué.",
        "follow_up": "Se pregunta una cosa más sobre lo que acaba de responder. Tómela como la entienda.",
        "help": "Puede escribir o hablar, como prefiera. Todo lo que ha enviado queda guardado.",
        "help_screening": "Para hablar con una persona, tener más tiempo o hacerlo de otra manera, escriba a quienes le invitaron. Esto queda guardado para ellos.",
        "help_practice": "En la práctica no participa nadie más: haga pausas y hágalo a su manera.",
        "fault": "Gracias, queda anotado. Puede escribir en lugar de hablar y recargar la página: lo que ha enviado y escrito se conserva.",
        "fault_screening": "Si sigue así, escriba a quienes le invitaron.",
        "distress": "Respire. Puede saltarse esta pregunta o salir: todo lo que ha enviado queda guardado. "
        "Si está en peligro o piensa en hacerse daño, llame ahora al número de emergencias o a alguien de confianza.",
        "other": "Responda a su manera, en unas frases, o sáltese la pregunta con el botón de abajo.",
        "second": "Las personas que le invitaron lo verán.",
    }
)
FRENCH: Texts = MappingProxyType(
    {
        "rephrase": "Autrement dit : {words}",
        "behavioral": "Pensez à une fois où cela vous est arrivé. Dites quelle était la situation, ce que vous avez fait et ce qui en est sorti.",
        "technical": "Dites ce que vous en savez, dans n'importe quel ordre : ce que c'est, comment cela marche et quand vous l'utiliseriez.",
        "system_design": "Dites comment vous le construiriez, pièce par pièce, et pourquoi ainsi.",
        "situational": "Imaginez que cela vous arrive demain. Dites ce que vous feriez d'abord, puis ensuite, et pourquoi.",
        "follow_up": "On vous demande une chose de plus sur ce que vous venez de répondre. Prenez la question comme vous la comprenez.",
        "help": "Vous pouvez écrire ou parler, comme vous voulez. Tout ce que vous avez envoyé est gardé.",
        "help_screening": "Pour parler à une personne, avoir plus de temps ou procéder autrement, écrivez à ceux qui vous ont invité. Ceci est gardé pour eux.",
        "help_practice": "Personne d'autre ne participe à l'entraînement : faites des pauses et procédez à votre manière.",
        "fault": "Merci, c'est noté. Vous pouvez écrire au lieu de parler et recharger la page : ce que vous avez envoyé et écrit reste.",
        "fault_screening": "Si cela continue, écrivez à ceux qui vous ont invité.",
        "distress": "Respirez. Vous pouvez passer cette question ou partir : tout ce que vous avez envoyé est gardé. "
        "Si vous êtes en danger ou pensez à vous faire du mal, appelez maintenant les urgences ou quelqu'un de confiance.",
        "other": "Répondez à votre manière, en quelques phrases, ou passez la question avec le bouton ci-dessous.",
        "second": "Les personnes qui vous ont invité le verront.",
    }
)
TEXTS = MappingProxyType({"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH})


@dataclass(frozen=True, slots=True)
class Setting:
    """What an aside was said to: the open question, and where it is asked. `is_second` if it is not the first there."""

    question_type: QuestionType
    in_other_words: str
    is_follow_up: bool
    language: str
    mode: Mode
    is_second: bool = False


def reply_to(kind: AsideKind, setting: Setting) -> str:
    """Return what to say to an aside: the question in other words, or how to get help; never what a strong answer holds."""
    texts = TEXTS.get(setting.language, ENGLISH)
    said = _rephrased(texts, setting) if kind == "rephrase" else texts[kind]
    beside = texts.get(f"{kind}_{setting.mode}", "")
    second = texts["second"] if setting.is_second and setting.mode == "screening" else ""
    return " ".join(part for part in (said, beside, second) if part)


def _rephrased(texts: Texts, setting: Setting) -> str:
    """Return the question's own other words, or a hint at what kind of answer it asks for."""
    if setting.is_follow_up:
        return texts["follow_up"]
    words = setting.in_other_words.strip()
    return texts["rephrase"].format(words=words) if words else texts[setting.question_type]
