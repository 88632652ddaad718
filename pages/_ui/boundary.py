"""The error boundary: a person reads a sentence, the log keeps the traceback.

Streamlit runs callbacks before the script and fragments apart from it, and on some hosts it shows tracebacks whatever
the configuration says. So all three are caught here: `catch_errors` around a page, `guarded` around a callback,
`fragment` around a fragment. A rerun and a stop are no `Exception` in Streamlit, and pass through.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import secrets
import traceback
from collections.abc import Callable, Iterator
from typing import Literal, ParamSpec

import streamlit as st

from lean_core.errors import ExpressionError, LeanError, UsageError
from lean_core.settings import redact
from pages._ui import keys, text

P = ParamSpec("P")
Level = Literal["success", "info", "warning", "error"]
_ICONS: dict[Level, str] = {
    "success": ":material/check_circle:",
    "info": ":material/info:",
    "warning": ":material/warning:",
    "error": ":material/error:",
}

log = logging.getLogger("lean_mlops.app")


def explain(error: Exception) -> str:
    """Say an error in Markdown; one that is not ours goes to the log under a reference, and only that is said."""
    if isinstance(error, LeanError):
        return text.plain(str(error))
    reference = f"E-{secrets.token_hex(3).upper()}"
    log.error("%s: unexpected error in the app\n%s", reference, _trace(error))
    return (
        f"Something went wrong that the workbench did not expect. Reload the page; if it happens again, look for "
        f"**{reference}** in the server's log and report that part of it."
    )


def show(level: Level, markdown: str) -> None:
    """Draw a message; what comes from outside in it must have gone through `text`."""
    getattr(st, level)(markdown, icon=_ICONS[level])


def _trace(error: Exception) -> str:
    """Return the traceback for the log. Drivers put whole addresses into their messages: these lose their passwords."""
    parts = traceback.format_exception(error)
    return "".join(part if part.startswith("  File ") else redact(part) for part in parts)


@contextlib.contextmanager
def catch_errors() -> Iterator[None]:
    """Draw what goes wrong inside as a sentence in its place."""
    try:
        yield
    except ExpressionError as error:
        show("error", explain(error))
        st.code(error.marked(), language=None)
    except LeanError as error:
        # What a person can mend in a file or an expression is a mistake; what may pass by itself is a warning.
        show("error" if isinstance(error, UsageError) else "warning", explain(error))
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is, it ends here
        show("error", explain(error))


def notify(level: Level, markdown: str) -> None:
    """Keep a message for the top of the next run: a callback has no place on the page to draw it."""
    st.session_state.setdefault(keys.NOTICES, []).append((level, markdown))


def show_notices() -> None:
    """Draw what callbacks had to say, once."""
    for level, markdown in st.session_state.pop(keys.NOTICES, []):
        show(level, markdown)


def guarded(callback: Callable[P, None]) -> Callable[P, None]:
    """Make a callback's error a message at the top of the next run."""

    @functools.wraps(callback)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the boundary
            notify("error", explain(error))

    return call


def fragment(*, run_every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function a Streamlit fragment whose errors are drawn in its place."""

    def decorate(draw: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(draw)
        def call(*args: P.args, **kwargs: P.kwargs) -> None:
            with catch_errors():
                draw(*args, **kwargs)

        return st.fragment(call, run_every=run_every)

    return decorate
