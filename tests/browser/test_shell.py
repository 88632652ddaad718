"""The frame around every page, in a real browser."""

from __future__ import annotations

import re
import shutil
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lean_core.workbench import Workbench
from tests.browser.conftest import THEMES, WIDTHS, ScreenAt, StartApp
from tests.browser.server import AppServer

PAGES = {
    "/": "Readiness",
    "/readiness": "Readiness",
    "/checkpoint": "Checkpoint",
    "/runs": "Runs",
    "/run": "Open a run from the page Runs",
    "/compare": "Compare",
    "/workspace": "Workspace",
    "/welcome": "Open a workspace",
}
"""Addresses, each with what its page says."""
BROKEN = Path(__file__).parent / "broken"


@pytest.fixture(scope="module")
def workspace(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a few runs in it."""
    folder = tmp_path_factory.mktemp("shell")
    shutil.copy(small_store, folder / "mlflow.db")
    (folder / "lean.toml").write_text("[workspace]\nname = 'churn'\n[sources.laptop]\nuri = 'mlflow.db'\n")
    Workbench.open(folder).sync()
    return folder


@pytest.fixture(scope="module")
def app(workspace: Path, start_shared: StartApp) -> AppServer:
    return start_shared(workspace)


@pytest.mark.parametrize(("path", "said"), PAGES.items())
def test_the_first_request_to_a_fresh_server_may_be_for_any_page_at_any_width_in_any_theme(
    path: str, said: str, start_app: StartApp, screen_at: ScreenAt, workspace: Path
) -> None:
    server = start_app(workspace)
    for width in WIDTHS:
        screen = screen_at(server, width=width)
        page = screen.open(path)
        expect(page.get_by_test_id("stMain")).to_contain_text(said)
        expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_contain_text(
            ["Readiness", "Checkpoint", "Runs", "Registry", "Releases", "Debt", "Workspace"]
        )
        expect(page.get_by_test_id("stSidebarUserContent")).to_contain_text("churn")
        expect(page.get_by_text(re.compile(r"E-[0-9A-F]{6}"))).to_have_count(0)
        assert screen.overflow() <= 0
        for theme in THEMES:
            screen.switch(theme)


def test_a_link_to_the_home_page_leads_to_the_root_with_all_that_it_asks(app: AppServer) -> None:
    asked = "present=1&q=params.model%20%3D%20%27xgb%27&run=laptop%2Fa&run=laptop%2Fb"
    for path, root in ((f"/readiness?{asked}", f"/?{asked}"), ("/readiness", "/")):
        with urllib.request.urlopen(f"{app.url}{path}") as answer:
            assert answer.url == f"{app.url}{root}"
            assert answer.status == 200


def test_what_lean_toml_says_is_shown_as_it_is(start_app: StartApp, screen_at: ScreenAt, make_workspace) -> None:
    name = "![x](http://tracker.example/a.png) **b** <i> :red[c] $d$ [e](http://tracker.example)"
    page = screen_at(start_app(make_workspace(f"[workspace]\nname = '{name}'"))).open("/workspace")
    expect(page.get_by_test_id("stSidebarUserContent")).to_contain_text(name)


def test_a_mistake_in_lean_toml_is_a_sentence_on_every_page(
    start_app: StartApp, screen_at: ScreenAt, make_workspace
) -> None:
    workspace = make_workspace('[workspace]\nnaem = "x"\n')
    screen = screen_at(start_app(workspace))
    for path in ("/", "/checkpoint", "/runs", "/run", "/compare", "/workspace"):
        page = screen.open(path)
        expect(page.get_by_test_id("stAlert")).to_contain_text(
            "unknown key workspace.naem: did you mean workspace.name?"
        )
    (workspace / "lean.toml").write_text('[workspace]\nname = "mended"\n', encoding="utf-8")
    expect(screen.open("/workspace").get_by_test_id("stSidebarUserContent")).to_contain_text("mended")


def test_an_unexpected_error_shows_a_reference_and_the_log_has_its_traceback(
    start_app: StartApp, screen_at: ScreenAt, make_workspace
) -> None:
    server = start_app(make_workspace(), customize=BROKEN)
    page = screen_at(server).open("/workspace")
    said = page.get_by_test_id("stMain").get_by_test_id("stAlert").inner_text()
    assert "RuntimeError" not in page.content()
    assert "nobody must see" not in page.content()
    (reference,) = re.findall(r"E-[0-9A-F]{6}", said)
    assert f"{reference}: unexpected error" in server.log()
    assert "RuntimeError: a detail that nobody must see" in server.log()
