"""What the command's exit codes mean, and which error gets which: the only place that decides."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from enum import IntEnum

import click

from lean_core.errors import ExpressionError, LeanError, UsageError

PROGRAM = "lean-mlops"
DEBUG_VARIABLE = "LEAN_DEBUG"


class ReaderLeft(Exception):
    """A broken pipe, under a name that click does not take for exit code 1, which means "no" here."""


class ExitCode(IntEnum):
    """The command's answer to a script."""

    DONE = 0
    NO = 1
    """The answer to what was asked is no."""
    USAGE = 2
    """The command, an expression or lean.toml is wrong: calling again without a change won't help."""
    COULD_NOT = 3
    """Busy, unreachable, unreadable: the answer is not known."""
    UNKNOWN = 4
    """Evidence that a gate needs is missing, stale or can't be told: it blocks as a no does."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    """Whoever read our output left, as `head` does."""


def guard(work: Callable[[], int | None]) -> int:
    """Do the work and return the exit code, with one line on stderr where it went wrong."""
    try:
        code = work()
        sys.stdout.flush()  # so that a reader who has left shows here, and not as the interpreter ends
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, ReaderLeft):
        _close_stdout()
        return ExitCode.BROKEN_PIPE
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - the boundary: nobody above could word it
        return _explain(error)
    return code or ExitCode.DONE


def _explain(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, LeanError):
        _say(str(error))
        if isinstance(error, ExpressionError):
            click.echo(error.marked(), err=True)
        return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.COULD_NOT
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _close_stdout()
        _say(f"{error.strerror}: free some space, or write the output elsewhere")
        return ExitCode.COULD_NOT
    # Not the exception's text: it may quote data or a password.
    _say(
        f"unexpected {type(error).__name__} at {_place(error)}, a fault of the workbench:"
        f" set {DEBUG_VARIABLE}=1 to see all of it, and please report it"
    )
    return ExitCode.COULD_NOT


def _close_stdout() -> None:
    """Send what is still in the buffer nowhere: the interpreter would try to write it again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _place(error: Exception) -> str:
    """Return where in our own code it happened, or at least below it."""
    place, trace = "an unknown place", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        if module.partition(".")[0] == "lean_core":
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _say(text: str) -> None:
    click.echo(f"{PROGRAM}: {text}", err=True)
