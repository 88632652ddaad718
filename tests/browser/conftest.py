"""Real servers and a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.screen import THEMES, Screen
from tests.browser.server import AppServer, serve
from tests.browser.tabs import PATIENCE_MILLISECONDS, Tabs
from tests.small_store import project, small_store  # noqa: F401 - fixtures

StartApp = Callable[..., AppServer]
ScreenAt = Callable[..., Screen]

WIDTHS = (1440, 390)
LOOKS = tuple(zip(WIDTHS, THEMES, strict=True))
"""Each width and each theme once: where one matters, the other doesn't."""
_UNWANTED = [
    # Of the switches that say this the last one counts, and the first is Playwright's: what it has against these stays.
    "HttpsUpgrades",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    # Pages of the browser's own, which it would draw for every tab, though nobody sees them: a second of a core each.
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
]
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_UNWANTED)}",
    # A page is drawn once, and gone before what is made of its scripts by optimizing them has paid off.
    "--js-flags=--no-opt --no-maglev",
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
        for server in (server for node in item.listchain() for server in node.stash.get(_output, [])):
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
    with _serving(request.node, tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Return a function that serves the app for a workspace until all tests of the file have run."""
    with _serving(request.node, tmp_path_factory.mktemp("servers")) as start:
        yield start


@contextmanager
def _serving(node: pytest.Item | pytest.Module, folder: Path) -> Iterator[StartApp]:
    servers = node.stash.setdefault(_output, [])
    with ExitStack() as stack:

        def start(workspace: Path, **options: Path) -> AppServer:
            output = folder / f"server-{len(servers)}.log"
            server = stack.enter_context(serve(workspace, output=output, **options))
            servers.append(server)
            return server

        yield start


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Iterator[Tabs]:
    with closing(Tabs(browser)) as tabs:
        yield tabs


@pytest.fixture
def screen_at(tabs: Tabs) -> Iterator[ScreenAt]:
    """Return a function that makes a browser page for a server; at the end none may have misbehaved."""
    screens: list[Screen] = []
    with ExitStack() as stack:
        stack.callback(tabs.take_back)

        def make(server: AppServer, *, width: int = 1440, theme: str = "light") -> Screen:
            screens.append(Screen(page=tabs.lend(width=width, theme=theme), url=server.url))
            stack.callback(screens[-1].look_away)
            return screens[-1]

        yield make
        assert [url for screen in screens for url in screen.foreign] == [], "the page called a foreign host"
        assert [error for screen in screens for error in screen.errors] == [], "errors in the browser's console"
