"""What can go wrong inside `ai`, in a handful of named errors."""


class AIError(Exception):
    """Base of every error this app raises on purpose."""


class ProviderUnavailable(AIError):
    """A provider did not give a usable reply in time; trying again later may help.

    `waits_for` names what the work has to wait for, where nothing was sent: it then costs no attempt.
    """

    waits_for = ""

    def __init__(self, message: str, *, retry_after: float = 0.0) -> None:
        """`retry_after` is how long the provider asks us to wait, in seconds."""
        super().__init__(message)
        self.retry_after = retry_after


class ProviderBusy(ProviderUnavailable):
    """Too many calls at once, for the provider or for us."""


class ProviderRejected(ProviderUnavailable):
    """The provider refuses our key, model or request; only an operator can mend that."""


class ProviderDown(ProviderUnavailable):
    """The provider failed so often that it is left alone for a while; nothing was sent."""

    waits_for = "provider"


class BudgetSpent(ProviderUnavailable):
    """The money for this interview or this day is spent; nothing was sent."""

    waits_for = "budget"


class ReplyUnusable(ProviderUnavailable):
    """A reply came and failed a check: cut off, not JSON, not the schema, out of range."""


class ReplyBlocked(AIError):
    """The provider declines to work on this content; asking again will not help."""


class Busy(ProviderUnavailable):
    """Every place for provider calls is taken; try again in a moment."""


class CannotRate(AIError):
    """This answer cannot be rated by this provider, now or later; the message says why."""


class NoSpeechProvider(AIError):
    """Audio came in, and no speech provider is configured."""


class BankTooSmall(AIError):
    """The question bank holds fewer fitting questions than the interview asks for."""


class SpeechModelMissing(NoSpeechProvider):
    """The local ear is configured and its model files are not installed; the message says how to fetch them."""


class AudioUnreadable(AIError):
    """The bytes are not a recording that can be read; sending them again will not help."""


class AudioTooLong(AIError):
    """The recording is over the limit of bytes or seconds."""
