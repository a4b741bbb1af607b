"""Everything an interview does: the only place where `interviews`, `accounts` and `ai` meet."""

from interviews.services.assigning import assign_interview
from interviews.services.claims import claim_point, tick_points, withdraw_claim
from interviews.services.creating_once import create_interview_once
from interviews.services.demo import complete_workflow
from interviews.services.drafting import save_draft
from interviews.services.erasing import erase_person
from interviews.services.hearing import transcribe, try_voice
from interviews.services.jobs import catch_up
from interviews.services.mentor_links import make_mentor_link, withdraw_mentor_link
from interviews.services.more_time import give_more_time
from interviews.services.plan_notes import interview_plan_notes
from interviews.services.practice_history import practice_history
from interviews.services.practice_plans import make_todays_interview, set_plan, stop_plan
from interviews.services.results import interview_results, session_results
from interviews.services.reviewing import override_rating
from interviews.services.saying_again import say_again
from interviews.services.setting_up import (
    archive_interview,
    create_interview,
    delete_interview,
    edit_interview,
    plan_interview,
    publish_interview,
)
from interviews.services.starting import start_interview
from interviews.services.states import session_state
from interviews.services.statuses import change_interview, change_status
from interviews.services.tickets import issue_ticket
from interviews.services.turn.answer import submit_response
from interviews.services.turn.catch_up import retry_rating, settle

__all__ = [
    "archive_interview",
    "assign_interview",
    "catch_up",
    "change_interview",
    "change_status",
    "claim_point",
    "complete_workflow",
    "create_interview",
    "create_interview_once",
    "delete_interview",
    "edit_interview",
    "erase_person",
    "give_more_time",
    "interview_plan_notes",
    "interview_results",
    "issue_ticket",
    "make_mentor_link",
    "make_todays_interview",
    "override_rating",
    "plan_interview",
    "practice_history",
    "publish_interview",
    "retry_rating",
    "save_draft",
    "say_again",
    "session_results",
    "session_state",
    "set_plan",
    "settle",
    "start_interview",
    "stop_plan",
    "submit_response",
    "tick_points",
    "transcribe",
    "try_voice",
    "withdraw_claim",
    "withdraw_mentor_link",
]
