"""The domain: interviews, sessions, turns, answers and ratings."""

from interviews.models.another_answer import AnotherAnswer
from interviews.models.aside import Aside
from interviews.models.audit import AuditEvent
from interviews.models.bank import BankQuestion
from interviews.models.claim import PointClaim
from interviews.models.heartbeat import Heartbeat
from interviews.models.installation import Installation
from interviews.models.interview import Interview, Question
from interviews.models.mentor_link import MentorLink
from interviews.models.practice_plan import PracticePlan, PracticeReminder
from interviews.models.rating import Rating
from interviews.models.recording import Recording
from interviews.models.session import InterviewSession
from interviews.models.spending import Spending
from interviews.models.ticket import SocketTicket
from interviews.models.turn import Answer, Turn

__all__ = [
    "AnotherAnswer",
    "Answer",
    "Aside",
    "AuditEvent",
    "BankQuestion",
    "Heartbeat",
    "Installation",
    "Interview",
    "InterviewSession",
    "MentorLink",
    "PointClaim",
    "PracticePlan",
    "PracticeReminder",
    "Question",
    "Rating",
    "Recording",
    "SocketTicket",
    "Spending",
    "Turn",
]
