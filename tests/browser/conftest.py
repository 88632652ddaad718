"""Real servers and a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.screen import Screen
from tests.browser.server import AppServer, serve
from tests.small_store import project, small_store  # noqa: F401 - fixtures

StartApp = Callable[..., AppServer]
ScreenAt = Callable[..., Screen]

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
PATIENCE_MILLISECONDS = 30_000
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_output = pytest.StashKey[list[AppServer]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        for server in item.stash.get(_output, []):
            report.sections.append((f"Output of the app at {server.url}", server.log()))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on the PATH: install Debian's package of that name")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def start_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartApp]:
    """Return a function that serves the app for a workspace, afresh each time."""
    servers = request.node.stash.setdefault(_output, [])
    with ExitStack() as stack:

        def start(workspace: Path, **options: Path) -> AppServer:
            output = tmp_path / f"server-{len(servers)}.log"
            server = stack.enter_context(serve(workspace, output=output, **options))
            servers.append(server)
            return server

        yield start


@pytest.fixture
def screen_at(browser: Browser) -> Iterator[ScreenAt]:
    """Return a function that makes a browser page for a server; at the end none may have misbehaved."""
    screens: list[Screen] = []
    with ExitStack() as stack:

        def make(server: AppServer, *, width: int = 1440, theme: str = "light") -> Screen:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MILLISECONDS)
            screens.append(Screen(page=context.new_page(), url=server.url))
            return screens[-1]

        yield make
        assert [url for screen in screens for url in screen.foreign] == [], "the page called a foreign host"
        assert [error for screen in screens for error in screen.errors] == [], "errors in the browser's console"
