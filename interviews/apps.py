"""The interviews app."""

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    """Interviews, their sessions and their results."""

    name = "interviews"
