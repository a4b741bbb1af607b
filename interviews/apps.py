"""The interviews app."""

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    """Interviews, their sessions and their results."""

    name = "interviews"

    def ready(self) -> None:
        from interviews.live.signing_out import connect_signals  # noqa: PLC0415 - needs the models

        connect_signals()
