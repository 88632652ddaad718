"""The page Signals in a real browser: cold deep links, a name that is clicked, reading now, and adding a signal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lean_core import clock
from lean_core.workbench import Workbench
from tests import signals_workspace
from tests.browser.conftest import LOOKS, ScreenAt, StartApp
from tests.browser.grid import NAME, Grid
from tests.browser.screen import Screen
from tests.browser.server import AppServer

ONE = "/signals?signal=churn-errors&period=7+d"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a workspace with the readings of six days, and a log; its service answers."""
    folder, now = tmp_path_factory.mktemp("signals") / "startup", clock.now()
    with signals_workspace.health() as api:
        signals_workspace.make(folder, api=api, now=now, extra=signals_workspace.LOG)
        signals_workspace.write_log(folder, now=now)
        signals_workspace.fill(folder, now=now)
        Workbench.open(folder).read_signals(names=["failed-predictions"])
        yield folder


@pytest.fixture(scope="module")
def app(workspace: Path, start_shared: StartApp) -> AppServer:
    """Serve the workspace once; its first request is that of the first test below."""
    return start_shared(workspace)


def check_one(screen: Screen) -> None:
    """Look at a signal alone: its chart has the releases of its model, and nothing is wider than the window."""
    page = screen.page
    expect(page.get_by_text("after churn 13 was deployed")).to_be_visible()
    expect(page.locator(".js-plotly-plot .annotation-text").filter(has_text=re.compile(r"^1[23]$"))).to_have_count(2)
    expect(page.get_by_role("link", name="https://wiki.example.com/churn-errors")).to_be_visible()
    assert screen.overflow() <= 0


def test_a_deep_link_to_a_signal_is_the_first_thing_that_a_server_sees(app: AppServer, screen_at: ScreenAt):
    screen = screen_at(app)
    screen.open(ONE)
    check_one(screen)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_view_is_drawn_at_each_width_and_in_each_theme(
    app: AppServer, screen_at: ScreenAt, width: int, theme: str
):
    screen = screen_at(app, width=width, theme=theme)
    page = screen.open("/signals")
    expect(page.get_by_role("heading", name="Signals", exact=True)).to_be_visible()
    expect(page.get_by_text("3 broken")).to_be_visible()
    expect(page.get_by_role("heading", name="Stale jobs")).to_be_visible()
    rows = Grid(page, "Errors").rows()
    assert any("✗ broken" in cells for cells in rows.values())
    assert screen.overflow() <= 0
    screen.open(ONE)
    check_one(screen)
    page = screen.open("/signals?signal=score-drift")
    expect(page.get_by_text("Distribution against the reference")).to_be_visible()
    expect(page.locator(".js-plotly-plot .barlayer .point")).to_have_count(20)
    page = screen.open("/signals?add=1")
    expect(page.get_by_text("Still needed: a name, an expression, a threshold.")).to_be_visible()
    assert screen.overflow() <= 0


def test_a_name_that_is_clicked_opens_the_signal_and_the_way_back_leads_to_the_list_as_it_was(
    app: AppServer, screen_at: ScreenAt
):
    page = screen_at(app).open("/signals?state=broken")
    expect(page.get_by_text("churn-latency")).to_have_count(0)
    Grid(page, "Errors").click(NAME, 0)
    expect(page).to_have_url(re.compile(r"[?&]signal="))
    expect(page.get_by_role("button", name="Read now")).to_be_visible()
    page.get_by_role("button", name="All signals").click()
    expect(page.get_by_role("heading", name="Stale jobs")).to_be_visible()
    expect(page.get_by_role("button", name="broken", pressed=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile(r"signal="))


def test_a_link_with_rows_shows_them_and_the_toggle_takes_them_away_again(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app, width=390).open("/signals?signal=failed-predictions&rows=true")
    expect(page.get_by_text("200 rows of 20")).to_be_visible()
    page.get_by_text("Show up to 200 rows of the window").click()
    expect(page.get_by_text("200 rows of 20")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("rows="))


def test_a_signal_is_written_by_the_keyboard_and_tried(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/signals?add=1")
    page.get_by_role("textbox", name="Name").fill("psi-now")
    page.get_by_role("textbox", name="Expression").fill("json:psi")
    page.get_by_role("textbox", name="Expression").press("Control+Enter")
    expect(page.get_by_test_id("stCode")).to_contain_text('expression = "json:psi"')
    page.get_by_role("spinbutton", name="At most").fill("0.4")
    page.get_by_role("spinbutton", name="At most").press("Enter")
    expect(page.get_by_test_id("stCode")).to_contain_text("max = 0.4")
    expect(page.get_by_test_id("stCode")).to_contain_text("[signals.psi-now]")
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.get_by_text("0.34, allowed is at most 0.4.")).to_be_visible()


def test_all_signals_are_read_now_and_what_fails_says_so(start_app: StartApp, screen_at: ScreenAt, tmp_path: Path):
    with signals_workspace.health() as api:
        folder = signals_workspace.make(tmp_path / "startup", api=api, now=clock.now())
        page = screen_at(start_app(folder)).open("/signals")
        expect(page.get_by_text("6 signals declared, and none was ever read.")).to_be_visible()
        page.get_by_role("button", name="Read all now").click()
        expect(page.get_by_text("nothing listens there")).to_be_visible()
        expect(page.get_by_text("of 6 signals")).to_be_visible()
        expect(page.get_by_text("0.34, allowed is at most 0.25.")).to_be_visible()
