"""The admin of interviews, a module for each thing."""

from interviews.admin.audit import AuditEventAdmin
from interviews.admin.bank import BankQuestionAdmin
from interviews.admin.interview import InterviewAdmin
from interviews.admin.people import PeopleAdmin
from interviews.admin.session import InterviewSessionAdmin
from interviews.admin.spending import SpendingAdmin

__all__ = [
    "AuditEventAdmin",
    "BankQuestionAdmin",
    "InterviewAdmin",
    "InterviewSessionAdmin",
    "PeopleAdmin",
    "SpendingAdmin",
]
