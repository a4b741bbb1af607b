"""What can go wrong inside `ai`, in a handful of named errors."""


class AIError(Exception):
    """Base of every error this app raises on purpose."""


class ProviderUnavailable(AIError):
    """A provider did not give a usable reply in time; trying again later may help."""


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
