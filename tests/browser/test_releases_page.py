"""The page Releases in a real browser: cold deep links at both widths, and a gate judged and recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, WIDTHS, ScreenAt, StartApp
from tests.browser.screen import Screen
from tests.browser.server import AppServer
from tests.cli import releases_workspace
from tests.cli.releases_workspace import served, trail_of

STRICT = "\n[gates.churn.test.metrics]\nauc = { min = 0.99 }\n"


def make_workspace(folder: Path) -> Path:
    """Make a workspace in which churn 12 and then 13 went to prod."""
    return releases_workspace.make(folder, *served("12", "13"), extra=STRICT)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace for the tests that only look at it."""
    return make_workspace(tmp_path_factory.mktemp("releases") / "w")


@pytest.fixture(scope="module")
def app(workspace: Path, start_shared: StartApp) -> AppServer:
    """Serve the workspace once; its first request is for the section Now, by the first test below."""
    return start_shared(workspace)


SECTIONS = {
    "Now": ("", "Rests on: its gate passed"),
    "Gate": ("&version=12&env=prod", "churn 12 passes the gate for prod"),
    "What changed": ("&before=12&after=13", "depth 4 → 6"),
    "What was live": ("&then=2026-03-02 13:00", "Declared live at 2026-03-02 13:00 UTC"),
    "Rollback": ("", "No rollback of churn in prod was ever rehearsed"),
    "Trail": ("", "churn 13 passed the gate for prod"),
    "Timeline": ("&trail_view=Timeline", "A version keeps its colour when it comes back."),
}
"""What the address of each section adds, and what the section then tells."""


def open_section(screen: Screen, name: str) -> Page:
    """Open a section by its address."""
    asked, told = SECTIONS[name]
    section = "Trail" if name == "Timeline" else name
    page = screen.open(f"/releases?model=churn&section={section}{asked}")
    expect(page.get_by_role("heading", name="Releases", exact=True)).to_be_visible()
    expect(page.get_by_role("tab", name=section, exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text(told).first).to_be_visible()
    screen.ready()
    return page


def widths_beyond(page: Page, alt: str) -> int:
    """Return by how many pixels a table is wider than the room that it has."""
    found = page.get_by_test_id("stTable").filter(has=page.get_by_role("table", name=alt))
    return int(found.evaluate("each => each.scrollWidth - each.clientWidth"))


def expect_section(screen: Screen, name: str) -> None:
    """Open a section, and expect that all of it is there and within the window."""
    page = open_section(screen, name)
    expect(page.get_by_role("table").first).to_contain_text("gate passed")
    assert screen.overflow() <= 0
    assert widths_beyond(page, "What is declared live") <= 0
    if name == "Rollback":
        assert widths_beyond(page, "Versions to go back to") <= 0
    if name == "Timeline":
        expect(page.locator(".js-plotly-plot .barlayer .point")).to_have_count(2)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("name", SECTIONS)
def test_a_deep_link_opens_a_section(app: AppServer, screen_at: ScreenAt, width: int, theme: str, name: str):
    screen = screen_at(app, width=width, theme=theme)
    expect_section(screen, name)
    screen.expect_theme(theme)


def test_a_check_has_its_parts_side_by_side_or_on_a_telephone_below_each_other(app: AppServer, screen_at: ScreenAt):
    tops = []
    for width in WIDTHS:
        page = open_section(screen_at(app, width=width), "Gate")
        cells = page.locator(".st-key-checks [data-testid=stMarkdown]")
        boxes = [cells.nth(at).bounding_box() for at in range(2)]
        tops.append([round(box["y"]) for box in boxes if box])
    wide, narrow = tops
    assert wide[0] == pytest.approx(wide[1], abs=4)
    assert narrow[0] < narrow[1]


def test_what_the_address_asks_for_in_vain_stays_said(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/releases?model=nope&section=Gate&version=zz&env=qq")
    for asked in ("model nope", "version zz of churn", "environment qq"):
        expect(page.get_by_text(f"There is no {asked}, which the address asks for")).to_be_visible()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace for the tests that change it: each another version, and the first request is for a gate."""
    return make_workspace(tmp_path_factory.mktemp("changed") / "w")


@pytest.fixture(scope="module")
def changing(changed: Path, start_shared: StartApp) -> AppServer:
    return start_shared(changed)


def test_a_gate_is_judged_and_the_verdict_recorded(changing: AppServer, screen_at: ScreenAt, changed: Path):
    page = screen_at(changing).open("/releases?section=Gate&version=13&env=test")
    before = len(trail_of(changed))
    page.get_by_role("button", name="Judge now").click()
    expect(page.get_by_text("churn 13 fails the gate for test")).to_be_visible()
    assert len(trail_of(changed)) == before
    page.get_by_role("button", name="Record this verdict").click()
    expect(page.get_by_text("Recorded the verdict.")).to_be_visible()
    expect(page.get_by_role("button", name="Record this verdict")).to_have_count(0)
    (event,) = [each for each in trail_of(changed) if each["kind"] == "gate" and each["environment"] == "test"]
    assert event["verdict"] == "fail"


def test_a_withdrawal_is_confirmed_in_a_dialog(changing: AppServer, screen_at: ScreenAt, changed: Path):
    page = screen_at(changing, width=390).open("/releases?section=Gate&version=12&env=prod")
    page.get_by_role("button", name="Withdraw…").click()
    dialog = page.get_by_role("dialog", name="Withdraw for good?")
    expect(dialog).to_contain_text("this can't be undone")
    dialog.get_by_placeholder("Why it must not be deployed again").fill("it leaks the label")
    dialog.get_by_role("button", name="Withdraw churn 12 for good").click()
    expect(page.get_by_text("It stays withdrawn")).to_be_visible()
    assert [each["reason"] for each in trail_of(changed) if each["kind"] == "withdrawal"] == ["it leaks the label"]
