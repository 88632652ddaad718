"""The debt log in a real browser: cold, by keyboard in the grid, and two people on one item."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lean_core.debt import Item
from lean_core.workbench import Workbench
from tests.browser.conftest import LOOKS, ScreenAt, StartApp
from tests.browser.grid import Grid
from tests.browser.server import AppServer

SETTINGS = '[registry]\nuri = "registry"\n'
SAVED = "Saved"
SAVES = 15
"""Clicks, at most."""
A_WHILE = 2_000
"""Milliseconds."""
Log = Callable[..., Item]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    folder = tmp_path_factory.mktemp("debt") / "startup"
    (folder / "registry").mkdir(parents=True)
    (folder / "lean.toml").write_text(SETTINGS, encoding="utf-8")
    return Workbench.open(folder)


@pytest.fixture(scope="module")
def server(bench: Workbench, start_shared: StartApp) -> AppServer:
    return start_shared(bench.folder)


@pytest.fixture
def log(bench: Workbench) -> Log:
    """Return a function that logs an item; its title is what a test finds it by."""

    def add(title: str, **fields: object) -> Item:
        return bench.add_debt({"title": title, "owner": "ana", "severity": "medium", **fields}, actor="ana")

    return add


def type_into(page: Page, grid: Grid, header: str, row: int, said: str) -> None:
    """Type into a cell as a person does, and leave it."""
    grid.focus(grid.headers().index(header), row)
    page.keyboard.press("Enter")
    cell = page.locator("#portal textarea, #portal input").first
    expect(cell).to_be_visible()
    cell.fill(said)
    page.keyboard.press("Enter")
    expect(cell).to_have_count(0)
    # The browser tells its form of the cell a moment after it shows it.
    page.wait_for_timeout(500)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_cold_deep_link_opens_an_item(server: AppServer, screen_at: ScreenAt, log: Log, width: int, theme: str):
    item = log("Deployed by hand", trigger="date >= 2026-01-01")
    screen = screen_at(server, width=width, theme=theme)
    page = screen.open(f"/debt?item={item.id}")
    expect(page.get_by_role("heading", name=f"{item.id} · Deployed by hand")).to_be_visible()
    expect(page.get_by_text("ana logged")).to_be_visible()
    assert screen.overflow() <= 0


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_cold_deep_link_opens_the_log(server: AppServer, screen_at: ScreenAt, log: Log, width: int, theme: str):
    log("No retries")
    screen = screen_at(server, width=width, theme=theme)
    page = screen.open("/debt")
    assert "No retries" in Grid(page, "Debt log").column("Title")
    assert screen.overflow() <= 0


def test_an_item_is_edited_in_the_grid_by_keyboard(server: AppServer, screen_at: ScreenAt, bench: Workbench, log: Log):
    item = log("Edited by keyboard")
    page = screen_at(server).open("/debt?debt_q=edited+by+keyboard")
    grid = Grid(page, "Debt log")
    type_into(page, grid, "Title", 0, "Edited by the keyboard")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text(f"{SAVED} {item.id}")).to_be_visible()
    found = bench.debt_item(item.id)
    assert found is not None
    assert (found.title, found.revision) == ("Edited by the keyboard", 2)


def test_two_browsers_on_one_item_lose_nothing_of_either(
    server: AppServer, screen_at: ScreenAt, bench: Workbench, log: Log
):
    item = log("Two at once")
    screens = [screen_at(server), screen_at(server)]
    first, second = (screen.open(f"/debt?item={item.id}") for screen in screens)
    for page in (first, second):
        expect(page.get_by_label("Owner")).to_have_value("ana")

    # Different fields: both stay.
    save(first, "What limits it meanwhile", "a firewall", shows=f"{SAVED} {item.id}")
    save(second, "Area", "serving", shows=f"{SAVED} {item.id}")
    found = bench.debt_item(item.id)
    assert found is not None
    assert (found.control, found.area) == ("a firewall", "serving")

    # The same field: the second is asked, and chooses.
    for screen in screens:
        screen.open(f"/debt?item={item.id}")
    save(first, "Owner", "ben", shows="changed the owner from ana to ben")
    write(second, "Senior reviewer", "dora")
    expect(second.get_by_text("changed it since you opened it")).to_be_visible()
    save(second, "Owner", "eve", shows="nothing of yours was saved yet")
    found = bench.debt_item(item.id)
    assert found is not None
    assert (found.owner, found.reviewer) == ("ben", "")
    second.get_by_text("Mine", exact=True).click()
    second.get_by_role("button", name="Save as chosen").click()
    expect(second.get_by_text("changed the owner from ben to eve")).to_be_visible()
    found = bench.debt_item(item.id)
    assert found is not None
    assert (found.owner, found.reviewer, found.control, found.area) == ("eve", "dora", "a firewall", "serving")


def test_a_shortcut_is_logged_with_a_trigger_that_is_completed(
    server: AppServer, screen_at: ScreenAt, bench: Workbench
):
    page = screen_at(server).open("/debt?add=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title", exact=True).fill("Logged in a dialog")
    dialog.get_by_label("Trigger", exact=True).fill("live_mod")
    dialog.get_by_role("button", name="live_models").click()
    expect(dialog.get_by_label("Trigger", exact=True)).to_have_value("live_models ")
    dialog.get_by_label("Trigger", exact=True).fill("live_models < 2")
    expect(dialog.get_by_text("It would fire now")).to_be_visible()
    dialog.get_by_role("button", name="Log it").click()
    expect(dialog).to_have_count(0)
    item = next(each for each in bench.debt_items() if each.title == "Logged in a dialog")
    assert item.trigger == "live_models < 2"
    expect(page.get_by_text("fired").first).to_be_visible()


def write(page: Page, label: str, said: str) -> None:
    """Write into a field of the form, and leave it."""
    field = page.get_by_label(label, exact=True)
    field.fill(said)
    field.press("Tab")


def save(page: Page, label: str, said: str, *, shows: str) -> None:
    """Write into a field and save the form, until the page says what came of it.

    Leaving the field draws the page anew, which may move the button away from under the pointer. Saving twice is safe.
    """
    write(page, label, said)
    told = page.get_by_text(shows)
    for _ in range(SAVES - 1):
        page.get_by_role("button", name="Save", exact=True).click()
        with contextlib.suppress(AssertionError):
            expect(told.first).to_be_visible(timeout=A_WHILE)
            return
    page.get_by_role("button", name="Save", exact=True).click()
    expect(told.first).to_be_visible()
