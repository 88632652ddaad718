"""The page Releases in a real browser: cold deep links at both widths, and a gate judged and recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ScreenAt, StartApp
from tests.cli import releases_workspace
from tests.cli.releases_workspace import served, trail_of

STRICT = "\n[gates.churn.test.metrics]\nauc = { min = 0.99 }\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace in which churn 12 and then 13 went to prod."""
    return releases_workspace.make(tmp_path / "w", *served("12", "13"), extra=STRICT)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "link",
    [
        pytest.param(("", "Rests on: its gate passed"), id="now"),
        pytest.param(("?model=churn&section=Gate&version=12&env=prod", "churn 12 passes the gate for prod"), id="gate"),
    ],
)
def test_a_deep_link_is_the_first_thing_that_a_server_sees(
    start_app: StartApp, screen_at: ScreenAt, workspace: Path, width: int, link: tuple[str, str]
):
    query, told = link
    screen = screen_at(start_app(workspace), width=width)
    page = screen.open(f"/releases{query}")
    expect(page.get_by_role("heading", name="Releases", exact=True)).to_be_visible()
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("gate passed")
    assert screen.overflow() <= 0
    assert page.locator("[data-testid=stTable]").first.evaluate("each => each.scrollWidth - each.clientWidth") <= 0


def test_a_gate_is_judged_and_the_verdict_recorded(start_app: StartApp, screen_at: ScreenAt, workspace: Path):
    page = screen_at(start_app(workspace)).open("/releases?section=Gate&version=13&env=test")
    before = len(trail_of(workspace))
    page.get_by_role("button", name="Judge now").click()
    expect(page.get_by_text("churn 13 fails the gate for test")).to_be_visible()
    assert len(trail_of(workspace)) == before
    page.get_by_role("button", name="Record this verdict").click()
    expect(page.get_by_text("Recorded the verdict.")).to_be_visible()
    expect(page.get_by_role("button", name="Record this verdict")).to_have_count(0)
    (event,) = [each for each in trail_of(workspace) if each["kind"] == "gate" and each["environment"] == "test"]
    assert event["verdict"] == "fail"


def test_a_withdrawal_is_confirmed_in_a_dialog(start_app: StartApp, screen_at: ScreenAt, workspace: Path):
    page = screen_at(start_app(workspace), width=390).open("/releases?section=Gate&version=13&env=prod")
    page.get_by_role("button", name="Withdraw…").click()
    dialog = page.get_by_role("dialog", name="Withdraw for good?")
    expect(dialog).to_contain_text("this can't be undone")
    dialog.get_by_placeholder("Why it must not be deployed again").fill("it leaks the label")
    dialog.get_by_role("button", name="Withdraw churn 13 for good").click()
    expect(page.get_by_text("It stays withdrawn")).to_be_visible()
    assert [each["reason"] for each in trail_of(workspace) if each["kind"] == "withdrawal"] == ["it leaks the label"]
