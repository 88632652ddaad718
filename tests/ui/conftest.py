"""The app's pages, run without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages._ui import jobs, keys
from tests.small_store import project, small_store  # noqa: F401 - fixtures

APP = Path(__file__).parents[2] / "app.py"
PATIENCE_SECONDS = 240

OpenApp = Callable[..., AppTest]
Settle = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_at_once() -> Iterator[None]:
    """Each `AppTest` looks through all installed packages for components: half a second for the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _fresh_server() -> Iterator[None]:
    """What a server keeps for all its sessions ends with the test."""
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Return a function that opens the app for a folder in a new session, and draws a page as its URL asks."""

    def open_(folder: Path, page: str | None = None, **asked: str | list[str]) -> AppTest:
        monkeypatch.setenv("LEAN_WORKSPACE", str(folder))
        app = AppTest.from_file(str(APP), default_timeout=PATIENCE_SECONDS)
        for name, value in asked.items():
            app.query_params[name] = value
        if page:
            app.switch_page(f"pages/{page}.py")
        return app.run()

    return open_


@pytest.fixture
def settle() -> Settle:
    """Return a function that waits for the job on a folder, and brings the page up to date with it."""

    def wait(app: AppTest, folder: Path) -> AppTest:
        job = jobs.newest(folder)
        assert job is not None, "no job was started"
        assert job.wait(PATIENCE_SECONDS), "the job does not end"
        # A quick job has ended before the page was drawn: then the page has told so already, and tells it once.
        return app.run() if keys.SETUP in app.session_state else app

    return wait
