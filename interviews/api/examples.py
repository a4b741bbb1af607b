"""One example for each kind of body, by the name of its schema; a test holds each against that schema."""

from __future__ import annotations

from typing import Any

TOKEN = "mV0JvJt3b0m6cXW3yq1jGw"  # noqa: S105 - an example
ACCESS = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.example"
REFRESH = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.example"
EMAIL = "ada@example.org"
PASSWORD = "correct-horse-battery"  # noqa: S105 - an example
WORDS = "I would read the query plan first, then add an index on the order date."

USER = {
    "id": 1,
    "email": EMAIL,
    "full_name": "Ada Lovelace",
    "language": "en",
    "time_zone": "Europe/London",
    "is_staff": False,
}
PROFILE = {"full_name": "Ada King", "language": "fr", "time_zone": "Europe/Paris"}
PAIR = {"user": USER, "access": ACCESS, "refresh": REFRESH, "token_type": "Bearer"}
SET_UP = {
    "position": "Backend developer",
    "interview_type": "technical",
    "difficulty": "medium",
    "num_questions": 3,
}
INTERVIEW = {
    **SET_UP,
    "id": 7,
    "title": "",
    "mode": "practice",
    "language": "en",
    "job_description": "",
    "follow_ups_per_question": 1,
    "timed": False,
    "feedback": "after_each",
    "time_factor": 1.0,
    "session_time_limit_minutes": None,
    "estimated_minutes": 10,
    "status": "draft",
    "version": 1,
    "created_at": "2026-11-28T09:00:00Z",
}
NOTE = {
    "code": "near_position",
    "text": "This job is taken as “Software engineer”.",
    "positions": [],
}
QUESTION = {
    "turn": 1,
    "number": 1,
    "text": "A report has become slow. How do you find out why?",
    "competency": "Databases",
    "is_follow_up": False,
    "time_limit_seconds": None,
    "deadline": None,
    "seconds_left": None,
    "draft": "",
    "draft_revision": "e3b0c442",
    "asides": [],
}
PROGRESS = {"answered": 0, "total": 3, "percent": 0}
START = {
    "session_token": TOKEN,
    "status": "active",
    "question": QUESTION,
    "progress": PROGRESS,
}
EVALUATION: dict[str, Any] = {
    "status": "scored",
    "reason": "",
    "score": 75,
    "range": [66, 84],
    "sure": True,
    "points": [
        {
            "id": "k1",
            "point": "Measures before changing anything",
            "state": "said",
            "sure": True,
            "quote": "read the query plan first",
            "start": 8,
            "end": 33,
            "start_utf16": 8,
            "end_utf16": 33,
        },
        {
            "id": "k2",
            "point": "Compares again afterwards",
            "state": "not_said",
            "sure": True,
            "quote": "",
            "start": 0,
            "end": 0,
            "start_utf16": 0,
            "end_utf16": 0,
        },
    ],
    "ratings": [
        {
            "criterion": "content",
            "score": 4,
            "evidence": [
                {
                    "quote": "read the query plan first",
                    "start": 8,
                    "end": 33,
                    "start_utf16": 8,
                    "end_utf16": 33,
                }
            ],
            "rationale": "Names how to measure before changing anything.",
        }
    ],
    "covered": ["Measures before changing anything"],
    "missing": ["Compares again afterwards"],
    "feedback": "Say how you would know that it helped.",
    "flags": [],
    "needs_person": False,
    "self_check": [],
}
NEXT = {**QUESTION, "turn": 2, "is_follow_up": True, "text": "How would you know that it helped?"}
TURN = {
    "turn": 1,
    "number": 1,
    "text": QUESTION["text"],
    "is_follow_up": False,
    "answer": WORDS,
    "modality": "text",
    "evaluation": EVALUATION,
    "asides": [],
}
FIGURE = {
    "competency": "Databases",
    "score": 75,
    "range": [66, 84],
    "sure": True,
    "turns": [1],
}
MIRROR = {
    "words": 15,
    "seconds": 7,
    "limit": None,
    "pace": None,
    "pace_word": "",
    "fillers": None,
    "pauses": None,
    "pause_share": None,
    "myself": 1,
    "together": 0,
    "numbers": [],
    "names_result": False,
    "terms": ["index"],
    "story": [],
}
RESULTS = {
    "session_token": TOKEN,
    "candidate": "Ada Lovelace",
    "session_status": "completed",
    "status": "complete",
    "overall_score": 75,
    "overall_range": [66, 84],
    "overall_sure": True,
    "recommendation": "yes",
    "competencies": [FIGURE],
    "questions": [{"question_number": 1, **FIGURE}],
    "left_out": [],
    "strengths": ["Measures before changing anything"],
    "improvements": ["Compares again afterwards"],
    "summary": "Works from evidence.",
    "pending": [],
    "needs_person": [],
    "turns": [
        {
            **TURN,
            "recordings": [],
            "claims": ["k2"],
            "said_again": 1,
            "model_answer": "I read the query plan, change one thing, and measure again.",
            "mirror": MIRROR,
        }
    ],
    "asides": [],
    "provenance": [
        {
            "provider": "embedded",
            "model": "embedded",
            "prompt_version": "",
            "rubric_version": "1",
        }
    ],
}
COMPARED = "compare the time before and after"
AGAIN = f"I would read the query plan first, then {COMPARED}."
SAID_AGAIN = {
    "id": 3,
    "answer": AGAIN,
    "created_at": "2026-11-28T10:00:00Z",
    "evaluation": {
        **EVALUATION,
        "score": 100,
        "range": [92, 100],
        "points": [
            EVALUATION["points"][0],
            {
                **EVALUATION["points"][1],
                "state": "said",
                "quote": COMPARED,
                "start": AGAIN.index(COMPARED),
                "end": len(AGAIN) - 1,
                "start_utf16": AGAIN.index(COMPARED),
                "end_utf16": len(AGAIN) - 1,
            },
        ],
        "covered": [*EVALUATION["covered"], *EVALUATION["missing"]],
        "missing": [],
        "feedback": "Heard: all 2 points, and nothing important is missing.",
    },
    "changes": [
        {
            "id": "k2",
            "point": "Compares again afterwards",
            "change": "gained",
            "before": {"state": "not_said", "sure": True, "quote": ""},
            "after": {"state": "said", "sure": True, "quote": COMPARED},
        }
    ],
    "gained": ["Compares again afterwards"],
    "lost": [],
}
PLAN = {
    "position": "Backend developer",
    "difficulty": "medium",
    "language": "en",
    "interview_on": "2026-12-12",
    "wants_reminder": True,
}


def _page(item: dict[str, Any]) -> dict[str, Any]:
    return {"count": 1, "next": None, "previous": None, "results": [item]}


EXAMPLES: dict[str, dict[str, Any]] = {
    "RegisterRequest": {"email": EMAIL, "password": PASSWORD, "full_name": "Ada Lovelace"},
    "LoginRequest": {"email": EMAIL, "password": PASSWORD},
    "PasswordGrantRequest": {"grant_type": "password", "username": EMAIL, "password": PASSWORD},
    "TokenPair": PAIR,
    "OAuthToken": PAIR,
    "RefreshRequest": {"refresh": REFRESH},
    "Refresh": {"access": ACCESS, "refresh": REFRESH},
    "LogoutRequest": {"refresh": REFRESH},
    "User": USER,
    "UserRequest": PROFILE,
    "PatchedUserRequest": {"language": "fr"},
    "PaginatedUserList": _page(USER),
    "InterviewRequest": SET_UP,
    "PatchedInterviewRequest": {"num_questions": 5},
    "Interview": {**INTERVIEW, "plan_notes": [NOTE]},
    "PaginatedListedInterviewList": _page(INTERVIEW),
    "Start": START,
    "State": {**START, "turns": [], "deadline": None, "time_factor": 1.0},
    "SubmitRequest": {"session_token": TOKEN, "turn": 1, "response_text": WORDS},
    "Submit": {
        "turn": 1,
        "status": "active",
        "transcript": WORDS,
        "evaluation": EVALUATION,
        "next_step": "follow_up",
        "next_question": NEXT,
        "progress": PROGRESS,
        "aside": None,
    },
    "Working": {
        "status": "working",
        "detail": "Your answer is saved. The next question is on its way.",
        "retry_after": 2,
    },
    "TranscribeRequest": {"session_token": TOKEN, "turn": 1, "audio_base64": "UklGRiQAAABXQVZF"},
    "Transcript": {
        "recording": "c0ffee",
        "text": WORDS,
        "confidence": 0.93,
        "low_confidence": False,
        "nothing_heard": False,
        "unsure_words": ["index"],
        "language": "en",
        "duration_seconds": 6.4,
        "pauses": 0,
        "pause_seconds": 0.0,
    },
    "MoreTimeRequest": {"time_factor": 1.5},
    "Claim": {"turn": 1, "point": "k2", "created_at": "2026-11-28T09:30:00Z"},
    "MentorLink": {
        "id": 3,
        "url": "https://interview.example.org/mentor/WzMsIng5UWYiXQ:k3x9/",
        "created_at": "2026-11-28T09:30:00Z",
        "expires_at": "2026-12-12T09:30:00Z",
    },
    "AgainRequest": {"response_text": AGAIN},
    "AnotherAnswer": SAID_AGAIN,
    "SaidAgain": {
        "turn": 1,
        "number": 1,
        "text": QUESTION["text"],
        "is_follow_up": False,
        "first": {"answer": WORDS, "evaluation": EVALUATION},
        "again": [SAID_AGAIN],
    },
    "TicketRequest": {"session_token": TOKEN},
    "Ticket": {"ticket": "k3x9", "expires_in": 30, "url": f"/ws/interviews/{TOKEN}/"},
    "Results": RESULTS,
    "PracticePlanRequest": PLAN,
    "Plan": {
        **PLAN,
        "created_at": "2026-11-28T09:00:00Z",
        "days_left": 14,
        "today": {"coming_back": 1, "new": 2, "answered": 0},
        "coming_back": [
            {
                "on": "2026-12-01",
                "text": QUESTION["text"],
                "competency": QUESTION["competency"],
            }
        ],
    },
    "DemoRequest": {**SET_UP, "response_text": WORDS},
}
