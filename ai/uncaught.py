"""What nobody catches is told without keys and without the words of candidates, as in every log."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from ai.masking import fit_for_log, recently_said


def mask_uncaught() -> None:
    """Let this process tell uncaught errors, in threads and destructors too, through the mask."""
    sys.excepthook = tell
    threading.excepthook = _of_thread
    sys.unraisablehook = _of_destructor


def tell(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """Write an error with its traceback, masked, to the standard error."""
    told = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(fit_for_log(told, *recently_said()))


def tell_place(error: BaseException) -> None:
    """Write the kind of an error and where it was raised, and nothing of what it says."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    sys.stderr.write(f"{frames}{type(error).__name__}\n")


def _of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        tell(args.exc_type, args.exc_value, args.exc_traceback)


def _of_destructor(args: sys.UnraisableHookArgs) -> None:
    tell(args.exc_type, args.exc_value, args.exc_traceback)
