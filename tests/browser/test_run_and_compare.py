"""The pages Run and Compare in a real browser: one server and one browser for all tests of this file."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LOOKS, ScreenAt, StartApp
from tests.browser.grid import Grid
from tests.browser.server import AppServer
from tests.run_workspaces import HOSTILE, address, import_runs, make_demo_workspace, ref, runs_by_name
from tests.runs.builders import START, ARun, MemoryReader

CHILD, PARENT = "16 hidden units", "how many hidden units?"
DRAWN_FROM_TEXT = "[data-testid=stMain] :is(img, b, i, .katex, .katex-error)"
"""What Markdown or HTML in a run's texts would become."""
THEME_S_FIRST_COLOURS = {
    "light": ["rgb(15, 118, 110)", "rgb(29, 78, 216)"],
    "dark": ["rgb(45, 212, 191)", "rgb(96, 165, 250)"],
}


def described() -> list[ARun]:
    """Return runs that are hard to draw: hostile texts, odd numbers, and twenty of a kind."""
    odd = [("nan", 0, START, math.nan), ("up", 0, START, math.inf), (HOSTILE, 0, START, 1.0), (HOSTILE, 1, START, 2.0)]
    eval_ = [("churn", "d1", "eval")]
    return [
        ARun(key="hostile", name=HOSTILE, params={HOSTILE: HOSTILE}, tags={HOSTILE: HOSTILE}, points=odd),
        *(
            ARun(
                key=f"s{at:02}",
                name=f"a sweep with a name that is too long for a telephone {at}",
                params={"lr": str(at)},
                points=[("loss", step, START, 1 / (step + at + 1)) for step in range(10)],
                inputs=eval_,
            )
            for at in range(20)
        ),
    ]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of the demo's runs and of described ones."""
    folder = make_demo_workspace(tmp_path_factory)
    with (folder / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write("[sources.hand]\nuri = 'nowhere.db'\n")
    import_runs(folder, MemoryReader(runs=described()))
    return folder


@pytest.fixture(scope="module")
def refs(workspace: Path) -> dict[str, str]:
    """Return the references of the runs by name."""
    return {name: run.ref for name, run in runs_by_name(workspace).items()}


@pytest.fixture(scope="module")
def app(workspace: Path, start_shared: StartApp) -> AppServer:
    """Serve the workspace once; its first request is that of the first test below."""
    return start_shared(workspace)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def wait_until_it_fits(page: Page) -> None:
    """Wait until the page's own column is no wider than what is seen of it: charts and grids settle late."""
    page.wait_for_function(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth <= main.clientWidth; }"
    )


def wait_until_still(element: Locator) -> None:
    """Wait until an element stays in its place: what opens, and charts above it that settle, move it under a click."""
    element.scroll_into_view_if_needed()
    element.evaluate(
        """async element => {
            const place = () => JSON.stringify(element.getBoundingClientRect());
            for (let before = '', still = 0; still < 5; before = place()) {
                await new Promise(resolve => setTimeout(resolve, 100));
                still = place() === before ? still + 1 : 0;
            }
        }"""
    )


def test_a_link_to_an_artifact_may_be_the_first_request_to_a_fresh_server(
    app: AppServer, screen_at: ScreenAt, refs: dict[str, str]
) -> None:
    screen = screen_at(app)
    page = screen.open(address("/run", {"run": refs[CHILD], "artifact": "model/model.json"}))
    expect(heading(page)).to_have_text(CHILD)
    expect(page.get_by_test_id("stCode")).to_contain_text('"hidden_units": 16')
    page.get_by_role("button", name="..", exact=True).click()
    expect(page.get_by_role("button", name="report.md")).to_be_visible()
    expect(page).to_have_url(screen.url + address("/run", {"run": refs[CHILD]}))


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_both_pages_fit_their_window_and_draw_in_the_colours_of_the_theme(
    width: int, theme: str, app: AppServer, screen_at: ScreenAt, refs: dict[str, str]
) -> None:
    screen = screen_at(app, width=width, theme=theme)
    pages = {
        CHILD: address("/run", {"run": refs[CHILD]}),
        "Compare 2 runs": address("/compare", {"run": [refs["logistic"], refs[CHILD]]}),
    }
    for lines, (title, path) in enumerate(pages.items(), start=1):
        page = screen.open(path)
        expect(heading(page)).to_have_text(title)
        drawn = page.locator(".js-plotly-plot .scatterlayer .js-line")
        expect(drawn).to_have_count(lines)
        for at in range(lines):
            expect(drawn.nth(at)).to_have_css("stroke", THEME_S_FIRST_COLOURS[theme][at])
        assert screen.overflow() <= 0
        wait_until_it_fits(page)


def test_what_a_run_says_is_shown_as_it_is_and_calls_nobody(app: AppServer, screen_at: ScreenAt) -> None:
    screen = screen_at(app, width=390)
    page = screen.open(address("/run", {"run": ref("hostile")}))
    expect(heading(page)).to_have_text(HOSTILE)
    assert Grid(page, "Params").rows()[0] == [HOSTILE, HOSTILE]
    assert sorted(Grid(page, "Metrics").column("Value")) == ["2", "Infinity", "NaN"]
    expect(page.locator(DRAWN_FROM_TEXT)).to_have_count(0)
    wait_until_it_fits(page)
    page = screen.open(address("/compare", {"run": [ref("hostile"), ref("s00")]}))
    expect(page.get_by_test_id("stAlert")).to_contain_text(HOSTILE)
    expect(page.locator(DRAWN_FROM_TEXT)).to_have_count(0)
    wait_until_it_fits(page)


def test_a_telephone_shows_twenty_runs_with_a_legend_that_leaves_room_for_the_lines(
    app: AppServer, screen_at: ScreenAt
) -> None:
    page = screen_at(app, width=390).open(address("/compare", {"run": [ref(f"s{at:02}") for at in range(20)]}))
    expect(page.locator(".legendtext")).to_have_text([chr(ord("A") + at) for at in range(20)])
    chart, legend = page.locator(".js-plotly-plot").bounding_box(), page.locator("g.legend").bounding_box()
    lines = page.locator(".js-plotly-plot .nsewdrag").bounding_box()
    assert chart is not None
    assert legend is not None
    assert lines is not None
    assert legend["x"] >= chart["x"]
    assert legend["x"] + legend["width"] <= chart["x"] + chart["width"]
    assert legend["y"] + legend["height"] <= lines["y"]
    assert lines["height"] > 150


def test_another_baseline_stands_in_the_address_and_the_way_back_undoes_it(
    app: AppServer, screen_at: ScreenAt, refs: dict[str, str]
) -> None:
    screen = screen_at(app)
    start = address("/compare", {"run": [refs["logistic"], refs[CHILD]]})
    page = screen.open(start)
    assert "Δ B" in Grid(page, "Compared metrics").headers()
    expect(page).to_have_url(screen.url + start)
    box = page.get_by_test_id("stSelectbox").filter(has_text="Baseline")
    box.locator("input").click()
    page.get_by_role("option", name=CHILD).click()
    expect(page).to_have_url(re.compile(r"&baseline="))
    expect(Grid(page, "Compared metrics").canvas.locator("[role=columnheader]", has_text="Δ A")).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(screen.url + start)
    expect(Grid(page, "Compared metrics").canvas.locator("[role=columnheader]", has_text="Δ B")).to_have_count(1)


def test_a_direction_is_saved_by_a_click_that_follows_the_choice_at_once(app: AppServer, screen_at: ScreenAt) -> None:
    page = screen_at(app).open(address("/compare", {"run": [ref("s02"), ref("s03")]}))
    page.get_by_text("Which way is better? 1 not confirmed").click()
    form = page.get_by_test_id("stForm")
    wait_until_still(form)
    form.get_by_text("Higher", exact=True).click()
    box = form.get_by_test_id("stMultiSelect")
    box.locator("input").click()
    page.get_by_role("option", name="loss (lower, a guess)").click()
    # By its text: while the menu is open, nothing else has a role. The click that closes it must count.
    form.get_by_text("Save", exact=True).click()
    expect(page.get_by_test_id("stToast")).to_contain_text("Saved 1 direction.")
    cells = Grid(page, "Compared metrics").canvas.locator("[role=gridcell]")
    expect(cells.filter(has_text=re.compile("^higher$"))).to_have_count(1)
    expect(page.get_by_text("Which way is better?", exact=True)).to_be_visible()
    expect(box).to_be_visible()
    expect(box).not_to_contain_text("loss")


def test_a_compared_run_is_a_click_away(app: AppServer, screen_at: ScreenAt, refs: dict[str, str]) -> None:
    page = screen_at(app).open(address("/compare", {"run": [refs["logistic"], refs[CHILD]]}))
    Grid(page, "Compared runs").click(100, 1)
    expect(heading(page)).to_have_text(CHILD)
    page.go_back()
    expect(heading(page)).to_have_text("Compare 2 runs")


def test_a_relative_is_a_click_away_and_so_is_the_way_back(
    app: AppServer, screen_at: ScreenAt, refs: dict[str, str]
) -> None:
    screen = screen_at(app)
    page = screen.open(address("/run", {"run": refs[CHILD]}))
    page.get_by_role("button", name=PARENT).click()
    expect(heading(page)).to_have_text(PARENT)
    expect(page).to_have_url(screen.url + address("/run", {"run": refs[PARENT]}))
    page.go_back()
    expect(heading(page)).to_have_text(CHILD)
    page.get_by_role("link", name="Compare with").click()
    expect(page.get_by_text("1 run selected")).to_be_visible()


def test_a_smoothed_line_leaves_the_raw_one_visible(app: AppServer, screen_at: ScreenAt, refs: dict[str, str]) -> None:
    page = screen_at(app).open(address("/run", {"run": refs[CHILD], "smoothing": "0.8", "log_y": "true"}))
    raw, smooth = (page.locator(".js-plotly-plot .scatterlayer .trace").nth(at) for at in range(2))
    expect(smooth).to_be_visible()
    for trace in (raw, smooth):
        expect(trace.locator(".js-line")).to_have_css("stroke", THEME_S_FIRST_COLOURS["light"][0])
    assert raw.locator(".js-line").get_attribute("d") != smooth.locator(".js-line").get_attribute("d")
    assert 0.2 < float(raw.evaluate("trace => getComputedStyle(trace).opacity")) < 0.6


def test_a_note_and_a_tag_are_kept(app: AppServer, screen_at: ScreenAt) -> None:
    screen = screen_at(app)
    page = screen.open(address("/run", {"run": ref("s01")}))
    page.get_by_role("textbox", name="Note").fill(HOSTILE)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_test_id("stToast")).to_contain_text("Saved the note.")
    expect(page.get_by_text("Written by")).to_be_visible()
    page.get_by_role("textbox", name="Key", exact=True).fill("keep")
    page.get_by_role("textbox", name="Value", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="Add the tag").click()
    expect(page.get_by_role("button", name=f"keep: {HOSTILE}")).to_be_visible()
    expect(page.get_by_role("textbox", name="Key", exact=True)).to_have_value("")
    page.reload()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(HOSTILE)
    page.get_by_text("History (2)").click()
    expect(page.get_by_text("set the tag")).to_be_visible()
    expect(page.locator(DRAWN_FROM_TEXT)).to_have_count(0)
