"""From a folder to a workspace, and what the workspace is kept in, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, ScreenAt, StartApp
from tests.browser.grid import Grid
from tests.browser.server import AppServer
from tests.small_store import RUNS


@pytest.fixture(scope="module")
def nowhere(start_shared: StartApp, tmp_path_factory: pytest.TempPathFactory) -> AppServer:
    """Serve a folder with nothing in it."""
    return start_shared(tmp_path_factory.mktemp("nowhere"))


@pytest.mark.parametrize("path", ["/", "/workspace", "/run"])
def test_without_a_workspace_every_address_is_the_welcome_page(
    path: str, nowhere: AppServer, screen_at: ScreenAt
) -> None:
    page = screen_at(nowhere).open(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    expect(page.get_by_text("No MLflow store and no folder of runs lies here")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_double_click_makes_one_workspace_and_shows_its_runs(
    width: int, theme: str, start_app: StartApp, screen_at: ScreenAt, project: Path
) -> None:
    screen = screen_at(start_app(project), width=width, theme=theme)
    page = screen.open("/")
    expect(page.get_by_test_id("stMarkdown").filter(has_text=f"an MLflow database, {RUNS} runs")).to_be_visible()
    assert screen.overflow() <= 0
    page.get_by_role("button", name="Use this folder").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Readiness")
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"{RUNS} new runs")


def test_an_address_leads_where_it_says_once_there_is_a_workspace(
    start_app: StartApp, screen_at: ScreenAt, project: Path
) -> None:
    page = screen_at(start_app(project)).open("/workspace")
    page.get_by_role("button", name="Use this folder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workspace")


def test_a_sync_is_followed_to_its_end_without_a_reload(
    start_app: StartApp, screen_at: ScreenAt, project: Path
) -> None:
    (project / "lean.toml").write_text("[sources.laptop]\nuri = 'mlflow.db'\n", encoding="utf-8")
    page = screen_at(start_app(project)).open("/workspace")
    expect(page.get_by_text("Not synced", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sync all").click()
    grid = Grid(page, "What the last sync did")
    assert grid.column("Imported") == [str(RUNS)]
    expect(page.get_by_text("Synced", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebarUserContent")).to_contain_text("Synced just now")


def test_a_tab_of_the_workspace_has_an_address(start_app: StartApp, screen_at: ScreenAt, make_workspace) -> None:
    screen = screen_at(start_app(make_workspace("[workspace]\nname = 'churn'\n")))
    page = screen.open("/workspace?section=Settings")
    assert Grid(page, "Settings").column("Value")[0] == "churn"
    page.get_by_role("tab", name="In the file").click()
    Grid(page, "Tables of the workspace's file")
    expect(page).to_have_url(f"{screen.url}/workspace?section=In+the+file")
