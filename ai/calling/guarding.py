"""The one place where whatever a provider's library raises becomes an error of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ai.errors import AIError, ProviderUnavailable
from ai.masking import fit_for_log

logger = logging.getLogger(__name__)
Known = Callable[[BaseException], ProviderUnavailable | None]
LONGEST_TOLD = 2_000


def nothing_known(_error: BaseException) -> None:
    return None


@contextmanager
def guarded(name: str, *, said: str = "", known: Known = nothing_known) -> Iterator[None]:
    """Raise `ProviderUnavailable` for anything but an `AIError` that comes from inside.

    The provider's own words go to the operator's log only, without keys and without what was `said` to it. `known` turns
    an error into a better one of ours, or returns None.
    """
    try:
        yield
    except (AIError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - libraries raise what they like, Rust's panics too
        logger.warning("%s failed: %s", name, told(error, said))
        raise _as_ours(name, error, known) from None


def told(error: BaseException, said: str = "") -> str:
    """Return what an error says, fit for the log, on one line."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - an error that cannot say what it is
        words = ""
    masked = fit_for_log(" ".join(f"{type(error).__name__}: {words}".split()), said)
    return masked[
        :LONGEST_TOLD
    ]  # only now: what is left of a key that was cut is not known for one


def _as_ours(name: str, error: BaseException, known: Known) -> ProviderUnavailable:
    try:
        better = known(error)
    except Exception:  # noqa: BLE001 - an error with odd details is an error all the same
        better = None
    return better or unreachable(name, error)


def unreachable(name: str, error: BaseException) -> ProviderUnavailable:
    """Return the error for a call without a usable reply; only its kind is told, for messages can hold keys."""
    return ProviderUnavailable(f"{name} could not be reached ({type(error).__name__}).")
