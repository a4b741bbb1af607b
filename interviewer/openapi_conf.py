"""How the OpenAPI schema is made and shown."""

from __future__ import annotations

from typing import Any


def spectacular(version: str) -> dict[str, Any]:
    """Return drf-spectacular's settings."""
    return {
        "ENUM_NAME_OVERRIDES": {
            "InterviewStatusEnum": "interviews.models.interview.Interview.Status"
        },
        "TITLE": "The interviewer",
        "DESCRIPTION": "Structured interviews with anchored ratings and verbatim evidence.",
        "VERSION": version,
        "LICENSE": {"name": "MIT", "url": "https://opensource.org/license/mit"},
        "CONTACT": {"name": "The operator of this installation"},
        "SERVERS": [{"url": "/", "description": "This installation"}],
        "TAGS": [
            {"name": "auth", "description": "Accounts, tokens and tickets."},
            {"name": "users", "description": "People."},
            {"name": "interviews", "description": "Setting interviews up, and their results."},
            {"name": "sessions", "description": "Answering an interview."},
        ],
        "SERVE_INCLUDE_SCHEMA": False,
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "SWAGGER_UI_SETTINGS": {"deepLinking": False},
        "SCHEMA_PATH_PREFIX": "/api",
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "PREPROCESSING_HOOKS": ["interviews.api.schema.without_slash"],
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "interviews.api.schema.finish",
        ],
    }
