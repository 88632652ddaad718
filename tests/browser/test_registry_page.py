"""The pages Registry and Version in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, ScreenAt, StartApp
from tests.browser.grid import Grid
from tests.browser.server import AppServer
from tests.registry_workspaces import make_registry_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_registry_workspace(tmp_path_factory.mktemp("registry") / "startup")


@pytest.fixture(scope="module")
def server(workspace: Path, start_shared: StartApp) -> AppServer:
    return start_shared(workspace)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cold_deep_link_opens_a_version(server: AppServer, screen_at: ScreenAt, width: int):
    screen = screen_at(server, width=width)
    page = screen.open("/version?model=churn&version=1")
    expect(page.get_by_role("heading", name="churn 1")).to_be_visible()
    expect(page.get_by_text("live in prod")).to_be_visible()
    expect(page.locator("[data-testid=stGraphVizChart] svg text", has_text="served before")).to_have_count(0)
    expect(page.locator("[data-testid=stGraphVizChart] svg text", has_text="live")).to_have_count(1)
    chart = page.locator("[data-testid=stGraphVizChart] svg").bounding_box()
    assert chart is not None
    assert chart["x"] + chart["width"] <= width
    assert page.locator("[data-testid=stMain] :is(img, b, i)").count() == 0
    assert screen.overflow() <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cold_deep_link_opens_a_model(server: AppServer, screen_at: ScreenAt, width: int):
    screen = screen_at(server, width=width)
    page = screen.open("/registry?model=churn")
    expect(page.get_by_role("heading", name="churn")).to_be_visible()
    assert Grid(page, "Models").column("Model")[0] == "churn"
    assert len(Grid(page, "Versions").rows()) == 4
    assert screen.overflow() <= 0


def test_a_click_on_a_version_opens_its_page(server: AppServer, screen_at: ScreenAt):
    page = screen_at(server).open("/registry?model=churn")
    grid = Grid(page, "Versions")
    row = grid.column("Version").index("1")
    grid.click(30, row)
    expect(page.get_by_role("heading", name="churn 1")).to_be_visible()
    assert "model=churn" in page.url
    assert "version=1" in page.url


def test_a_foreign_folder_is_adopted(server: AppServer, screen_at: ScreenAt, workspace: Path):
    page = screen_at(server).open("/registry?model=legacy")
    page.get_by_label("Note", exact=True).fill("a batch job")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Adopt", exact=True).click()
    expect(page.get_by_text("its files were not touched")).to_be_visible()
    assert "a batch job" in (workspace / "registry" / "legacy" / "7" / "version.json").read_text()
