"""What the server does before the first visit."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import socket
import stat
import threading
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route

if TYPE_CHECKING:
    import streamlit as st
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from lean_core.workbench import Workbench

HOME = "readiness"
_LIBRARIES = ("pyarrow", "PIL.Image", "duckdb")
_OF_THE_RUNS = ("pages._ui.router", "pages._ui.views", "pages._ui.export", "pages._ui.empty")
_OF_THE_HOME_PAGE = (
    "pages._ui.readiness_cards",
    "pages._ui.readiness_empty",
    "pages._ui.readiness_present",
    "pages._ui.readiness_rest",
    "pages._ui.readiness_risks",
)
_OWN_FILES = "/dev/fd"
"""Where Linux and macOS list the open files of the process that asks."""
_home_asked = threading.Event()


@contextlib.asynccontextmanager
async def prepare(_: st.App) -> AsyncIterator[None]:
    """Prepare the first page while the browser is loading Streamlit; whoever comes earlier takes what is there."""
    send_at_once()
    threading.Thread(target=_prepare, name="prepare", daemon=True).start()
    yield


class NoteHome:
    """Notes that a browser asks for the home page: a look that nobody waits for would hold up the other pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            _home_asked.set()
        await self._app(scope, receive, send)


MIDDLEWARE = (Middleware(NoteHome),)


def _go_home(request: Request) -> RedirectResponse:
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


ROUTES = (Route(f"/{HOME}", _go_home),)
"""What is answered before Streamlit: a link to the home page leads to where Streamlit keeps it, at the root.

The router would do the same, but after the browser has looked for an app of that name and drawn a page.
"""


def send_at_once() -> None:
    """Let no answer wait for the browser to confirm the one before (Nagle's algorithm).

    asyncio sees to that only for sockets that name their protocol, and Streamlit's don't: each of the 120 files of the
    first page waited up to 40 ms between its head and its body. Connections take after the socket they came in by.
    """
    with contextlib.suppress(FileNotFoundError):
        for file in Path(_OWN_FILES).iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile: the list itself was a file
                _turn_nagle_off(int(file.name))


def _turn_nagle_off(file: int) -> None:
    if not stat.S_ISSOCK(os.fstat(file).st_mode):
        return
    borrowed = socket.socket(fileno=file)
    try:
        if borrowed.family in {socket.AF_INET, socket.AF_INET6} and borrowed.type == socket.SOCK_STREAM:
            borrowed.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    finally:
        borrowed.detach()


def _prepare() -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    _await_runtime()
    import_all(_OF_THE_RUNS)
    # Streamlit collects garbage after each run of a script, and for it went through all that was imported: 0.04 s.
    gc.freeze()
    read_runs_ahead()
    _home_asked.wait()
    import_all(_OF_THE_HOME_PAGE)
    gc.freeze()
    read_home_ahead()


def _await_runtime() -> None:
    """Wait until the server has what it keeps caches in: it complains in the terminal about those made before."""
    from streamlit import runtime

    while not runtime.exists():
        time.sleep(0.005)


def import_all(names: Iterable[str] = (*_OF_THE_RUNS, *_OF_THE_HOME_PAGE)) -> None:
    """Import what the first pages need."""
    for name in names:
        importlib.import_module(name)


def read_runs_ahead() -> None:
    """Read what the page of runs shows first, so that it comes from the cache."""
    from lean_core.errors import LeanError
    from pages._ui import run_filter, workbench

    # What is wrong with the workspace is the page's to say.
    with contextlib.suppress(LeanError):
        opened = _open_first()
        if opened is None:
            return
        with opened.held():
            workbench.read_sources(opened)
            workbench.read_keys(opened)
            workbench.read_experiments(opened)
            workbench.read_views(opened)
            workbench.read_runs(opened, run_filter.FIRST)


def read_home_ahead() -> None:
    """Look at everything, as the home page does first."""
    from lean_core.checkpoint.check import sort_checkpoints
    from lean_core.errors import LeanError
    from pages._ui import checkpoint_look, readiness_cards

    with contextlib.suppress(LeanError):
        opened = _open_first()
        if opened is None or opened.settings.registry is None:
            return
        look = checkpoint_look.read_look(opened)
        for checkpoint in sort_checkpoints(look.checkpoints)[: readiness_cards.MOST]:
            checkpoint_look.read_effect(opened, checkpoint.model)
        checkpoint_look.read_waivers(opened)
        checkpoint_look.read_debt_items(opened)


def _open_first() -> Workbench | None:
    """Open the workspace of a first visit; None: there is none, or nothing is in it yet."""
    from pages._ui import workbench

    opened = workbench.open_first()
    return opened if opened is not None and opened.file_bytes() else None
