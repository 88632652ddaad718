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
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

if TYPE_CHECKING:
    import streamlit as st
    from starlette.requests import Request

HOME = "runs"
_LIBRARIES = ("pyarrow", "PIL.Image", "duckdb")
_OF_THE_FIRST_PAGE = ("pages._ui.router", "pages._ui.views", "pages._ui.export", "pages._ui.empty")
_OWN_FILES = "/dev/fd"
"""Where Linux and macOS list the open files of the process that asks."""


@contextlib.asynccontextmanager
async def prepare(_: st.App) -> AsyncIterator[None]:
    """Prepare the first page while the browser is loading Streamlit; whoever comes earlier takes what is there."""
    send_at_once()
    threading.Thread(target=_prepare, name="prepare", daemon=True).start()
    yield


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
    import_first_page()
    # Streamlit collects garbage after each run of a script, and for it went through all that was imported: 0.04 s.
    gc.freeze()
    read_ahead()


def _await_runtime() -> None:
    """Wait until the server has what it keeps caches in: it complains in the terminal about those made before."""
    from streamlit import runtime

    while not runtime.exists():
        time.sleep(0.005)


def import_first_page() -> None:
    """Import what the first page needs."""
    for name in _OF_THE_FIRST_PAGE:
        importlib.import_module(name)


def read_ahead() -> None:
    """Read what the home page shows first, so that it comes from the cache."""
    from lean_core.errors import LeanError
    from pages._ui import run_filter, workbench

    # What is wrong with the workspace is the page's to say.
    with contextlib.suppress(LeanError):
        opened = workbench.open_first()
        if opened is None or not opened.file_bytes():
            return
        with opened.held():
            workbench.read_sources(opened)
            workbench.read_keys(opened)
            workbench.read_experiments(opened)
            workbench.read_views(opened)
            workbench.read_runs(opened, run_filter.FIRST)
