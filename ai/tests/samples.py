"""Hand-written questions, and answers of known quality, for the tests of the embedded engine."""

from __future__ import annotations

from ai.schemas import KeyPoint, PlannedQuestion
from ai.testing import make_planned_question


def make_point(point_id: str, *wordings: str, follow_up: str = "") -> KeyPoint:
    return {
        "id": point_id,
        "text": wordings[0],
        "paraphrases": list(wordings[1:]),
        "follow_up": follow_up,
    }


def make_question(text: str, reference: str, points: list[KeyPoint]) -> PlannedQuestion:
    question = make_planned_question(competency="Craft", points=points)
    question.update({"text": text, "reference_answer": reference})
    question["anchors"] = {"1": "Names nothing.", "3": "Names half of it.", "5": "Names all of it."}
    return question


BACKUPS = make_question(
    "How would you make sure that a company can recover its data after a disaster?",
    "I make backups automatically every day. One copy is kept at another site, so that a fire does not destroy "
    "everything. I test restoring regularly, because a backup that was never restored is only a hope. The copies "
    "are encrypted, so that a stolen disk reveals nothing.",
    [
        make_point(
            "daily",
            "Backups are made automatically every day",
            "a scheduled job copies the data each night",
            follow_up="How often are copies made, and by whom?",
        ),
        make_point(
            "elsewhere",
            "One copy is kept at another site",
            "store a copy in a different location",
        ),
        make_point(
            "restore",
            "Restoring is tested regularly",
            "practise recovery from the copies to prove that it works",
        ),
        make_point(
            "secret",
            "The copies are encrypted",
            "protect the backup media so that a thief cannot read them",
        ),
    ],
)
HAND_HYGIENE = make_question(
    "Why do nurses wash their hands so often, and when is it most important?",
    "Washing hands stops germs from travelling from one patient to the next. It matters most before touching a "
    "patient and after contact with body fluids. Gloves do not replace it, because they tear and hands get "
    "contaminated when taking them off.",
    [
        make_point(
            "germs",
            "It stops germs from spreading from one patient to another",
            "it prevents infections from being passed on",
        ),
        make_point(
            "before",
            "It matters most before touching a patient and after contact with body fluids",
            "wash before each patient contact and after blood or other fluids",
        ),
        make_point(
            "gloves",
            "Gloves do not replace washing hands",
            "gloves are no substitute because they can tear",
        ),
    ],
)
CONFLICT = make_question(
    "Tell me about a time when you disagreed with a colleague. What did you do?",
    "A colleague wanted to release without testing. I asked to talk in private and listened to the reasons first. "
    "Then I explained my concern with figures from the last release. We agreed on a short test of the riskiest part. "
    "Afterwards I learned to raise such things earlier.",
    [
        make_point(
            "listen",
            "I listened to the other person's reasons first",
            "I asked for their point of view and tried to understand it",
        ),
        make_point(
            "facts",
            "I argued with facts instead of blame",
            "I brought data and examples to explain my concern",
        ),
        make_point(
            "agree",
            "We found a solution that both could accept",
            "we agreed on a compromise",
        ),
        make_point(
            "learn",
            "I said what I learned from it for the next time",
            "I now do it differently",
        ),
    ],
)
QUESTIONS = [BACKUPS, HAND_HYGIENE, CONFLICT]
OTHER_WORDS = [
    (
        BACKUPS,
        "Every night a scheduled job takes a snapshot of all databases without anybody having to think of it. We ship "
        "a second copy to a data centre in a different city. Twice a year we rehearse a full recovery to see whether "
        "the copies are any good. And whoever steals a tape cannot read it, since everything on it is encrypted.",
    ),
    (
        HAND_HYGIENE,
        "Because otherwise you carry bacteria from bed to bed and patients catch infections from each other. You "
        "clean your hands right before you touch somebody, and always after you came into contact with blood or urine. "
        "Wearing gloves is no excuse for skipping it, since gloves can have holes.",
    ),
    (
        CONFLICT,
        "My teammate and I argued about which supplier to take. I asked her to explain her view and tried to understand "
        "it. Then I brought data on late deliveries to show why I was worried, without blaming her. In the end we agreed on a compromise and "
        "split the order. What I learned is to talk about criteria earlier, and I do that differently now.",
    ),
]
