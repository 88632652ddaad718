"""The page Runs in a real browser: what only a browser can do to it."""

from __future__ import annotations

import csv
import io
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.conftest import LOOKS, ScreenAt, StartApp
from tests.browser.grid import BESIDE_NAME, HEAD, MARK, NAME, Grid
from tests.browser.screen import Screen
from tests.browser.server import AppServer
from tests.browser.tabs import PATIENCE_MILLISECONDS
from tests.run_workspaces import make_workspace_of
from tests.runs.builders import ARun
from tests.runs.many import (
    FORMULA,
    IMAGE,
    ODD_NAMES,
    RUNS,
    WITHOUT_AUC,
    auc,
    key_of,
    make_many,
    model,
    name_of,
    ref_of,
)

A_PAGE = 100
WORD_JOINER = "\u2060"
"""Before a name that the grid would read as a list."""
NEWEST = RUNS - 1
BY_AUC = sorted((at for at in range(RUNS) if at != WITHOUT_AUC), key=auc)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_many(tmp_path_factory.mktemp("runs") / "workspace")


@pytest.fixture(scope="module")
def app(workspace: Path, start_shared: StartApp) -> AppServer:
    """Return one server for all these tests: each has a tab, and so a session, of its own.

    Its first request is that of the first test below.
    """
    return start_shared(workspace)


@pytest.fixture
def screen(app: AppServer, screen_at: ScreenAt) -> Screen:
    return screen_at(app)


def address(path: str = "/runs", **parameters: str | list[str]) -> str:
    return f"{path}?{urlencode(parameters, doseq=True)}"


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def until(page: Page, read: Callable[[], object], wanted: object) -> None:
    """Wait until reading gives what is wanted: the page and its URL follow a click with a delay."""
    deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while (found := read()) != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert found == wanted


def first_rows(page: Page) -> list[str]:
    """Return the names in the first three rows."""
    found = Grid(page, "Runs").rows()
    return [found[row][0].removeprefix(WORD_JOINER) for row in range(3) if row in found]


def titles(numbers: list[int]) -> list[str]:
    return [name_of(at) or key_of(at)[:8] for at in numbers]


def filter_of(page: Page) -> Locator:
    return page.get_by_label("Filter", exact=True)


def type_filter(page: Page, text: str) -> None:
    filter_of(page).press("End")
    page.keyboard.type(text)


def open_menu(page: Page, label: str) -> Locator:
    page.get_by_test_id("stPopoverButton").filter(has_text=label).click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu).to_have_text(re.compile(r"\w"))  # one is filled only when it is opened
    return menu


def selected(page: Page) -> Locator:
    return page.get_by_text(re.compile(r"^\d+ runs? selected$"))


def test_the_first_request_to_a_fresh_server_may_be_for_a_filtered_sorted_table(
    screen: Screen,
) -> None:
    wanted = {
        "q": "params.model = 'xgb'",
        "sort": "metrics.auc",
        "asc": "true",
        "column": ["metrics.auc", "params.depth"],
    }
    page = screen.open(address("/runs", **wanted))
    assert Grid(page, "Runs").headers() == ["Run", "auc ↑", "depth"]
    assert first_rows(page) == titles([at for at in BY_AUC if model(at) == "xgb"][:3])
    expect(filter_of(page)).to_have_value("params.model = 'xgb'")
    assert asked(page) == {key: value if isinstance(value, list) else [value] for key, value in wanted.items()}


def test_a_click_on_a_column_s_head_sorts_all_pages_and_one_more_turns_it_round(screen: Screen) -> None:
    page = screen.open(address(column="metrics.auc"))
    Grid(page, "Runs").click(BESIDE_NAME, HEAD)
    until(page, lambda: first_rows(page), titles(BY_AUC[:-4:-1]))
    assert asked(page) == {"column": ["metrics.auc"], "sort": ["metrics.auc"]}
    Grid(page, "Runs").click(BESIDE_NAME, HEAD)
    until(page, lambda: first_rows(page), titles(BY_AUC[:3]))
    assert asked(page) == {"column": ["metrics.auc"], "sort": ["metrics.auc"], "asc": ["true"]}


def test_a_click_on_the_head_of_datasets_says_that_they_do_not_sort(screen: Screen) -> None:
    page = screen.open(address(column="dataset.name"))
    Grid(page, "Runs").click(BESIDE_NAME, HEAD)
    expect(page.get_by_test_id("stAlert")).to_contain_text("Runs can't be sorted by a dataset")
    until(page, lambda: first_rows(page), list(ODD_NAMES))


def test_runs_selected_on_two_pages_stay_selected_and_survive_a_reload(screen: Screen) -> None:
    page = screen.open("/runs")
    Grid(page, "Runs").click(MARK, 0)
    expect(selected(page)).to_have_text("1 run selected")
    page.get_by_label("Page 2").click()
    until(page, lambda: first_rows(page), titles([NEWEST - A_PAGE - at for at in range(3)]))
    assert Grid(page, "Runs").marked() == []
    Grid(page, "Runs").click(MARK, 1)
    expect(selected(page)).to_have_text("2 runs selected")
    both = [ref_of(NEWEST), ref_of(NEWEST - A_PAGE - 1)]
    until(page, lambda: asked(page).get("run"), both)
    page.reload()
    screen.ready()
    expect(selected(page)).to_have_text("2 runs selected")
    assert Grid(page, "Runs").marked() == [1]
    page.get_by_label("Page 1").click()
    until(page, lambda: asked(page), {"run": both})
    until(page, lambda: Grid(page, "Runs").marked(), [0])
    page.get_by_role("link", name="Compare 2").click()
    until(page, lambda: urlsplit(page.url).path, "/compare")
    until(page, lambda: asked(page)["run"], both)


def test_clear_takes_the_marks_out_of_the_table_and_the_next_mark_is_alone(screen: Screen) -> None:
    page = screen.open(address(run=[ref_of(NEWEST), ref_of(NEWEST - 2), ref_of(3)]))
    assert Grid(page, "Runs").marked() == [0, 2]
    page.get_by_role("button", name="Clear", exact=True).click()
    until(page, lambda: Grid(page, "Runs").marked(), [])
    assert asked(page) == {}
    Grid(page, "Runs").click(MARK, 1)
    until(page, lambda: asked(page), {"run": [ref_of(NEWEST - 1)]})


def test_a_step_back_in_the_history_takes_the_last_mark_back(screen: Screen) -> None:
    page = screen.open(address(run=ref_of(NEWEST)))
    Grid(page, "Runs").click(MARK, 1)
    until(page, lambda: asked(page), {"run": [ref_of(NEWEST), ref_of(NEWEST - 1)]})
    page.go_back()
    until(page, lambda: Grid(page, "Runs").marked(), [0])
    expect(selected(page)).to_have_text("1 run selected")


def test_a_click_on_a_name_opens_the_run_and_a_step_back_returns_to_the_same_table(screen: Screen) -> None:
    before = {"q": ["params.model = 'xgb'"], "sort": ["metrics.auc"], "run": [ref_of(3)]}
    page = screen.open(address(**before))
    best = [at for at in reversed(BY_AUC) if model(at) == "xgb"]
    Grid(page, "Runs").click(NAME, 1)
    until(page, lambda: (urlsplit(page.url).path, asked(page)), ("/run", {"run": [ref_of(best[1])]}))
    expect(page.get_by_role("heading", level=1)).to_have_text(titles(best)[1])
    page.go_back()
    until(page, lambda: first_rows(page), titles(best[:3]))
    expect(filter_of(page)).to_have_value("params.model = 'xgb'")
    assert asked(page) == before


def test_what_is_typed_is_completed_by_a_click(screen: Screen) -> None:
    page = screen.open("/runs")
    type_filter(page, "params.m")
    page.get_by_test_id("stButton").filter(has_text="params.model").click()
    expect(filter_of(page)).to_have_value("params.model ")
    page.get_by_test_id("stButton").filter(has_text=re.compile("^=$")).click()
    expect(filter_of(page)).to_have_value("params.model = ")
    type_filter(page, "'mlp'")
    until(page, lambda: first_rows(page), titles([at for at in reversed(range(RUNS)) if model(at) == "mlp"][:3]))
    assert asked(page) == {"q": ["params.model = 'mlp'"]}


def test_a_mistake_is_shown_where_it_is_and_the_typed_text_stays(screen: Screen) -> None:
    page = screen.open("/runs")
    type_filter(page, "metrics.auc > 0.5 adn status = 'FAILED'")
    expect(page.get_by_test_id("stAlert")).to_contain_text("column 19: unexpected 'adn'")
    expect(page.get_by_test_id("stCode").locator("code")).to_have_text(re.compile(r"\n {18}\^\^\^$"))
    until(page, lambda: first_rows(page), list(ODD_NAMES))  # the table is that of the filter before
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_contain_text("unexpected 'adn'")
    expect(filter_of(page)).to_have_value("metrics.auc > 0.5 adn status = 'FAILED'")


def test_a_filter_that_is_typed_on_a_later_page_begins_at_its_first(screen: Screen) -> None:
    page = screen.open(address(page="2"))
    type_filter(page, "status = 'FINISHED'")
    until(page, lambda: first_rows(page), list(ODD_NAMES))
    until(page, lambda: asked(page).get("q"), ["status = 'FINISHED'"])
    page.reload()
    screen.ready()
    until(page, lambda: first_rows(page), list(ODD_NAMES))
    until(page, lambda: asked(page), {"q": ["status = 'FINISHED'"]})


@pytest.mark.parametrize("beyond", ["99", "abc"])
def test_a_page_that_is_none_gives_way_to_the_first(beyond: str, screen: Screen) -> None:
    page = screen.open(address(page=beyond))
    until(page, lambda: first_rows(page), list(ODD_NAMES))
    until(page, lambda: asked(page), {})


def test_a_saved_view_brings_back_filter_order_columns_and_selection(screen: Screen) -> None:
    view = {"q": ["params.model = 'xgb'"], "sort": ["metrics.auc"], "asc": ["true"], "column": ["metrics.auc"]}
    view["run"] = [ref_of(2)]
    page = screen.open(address(**view))
    menu = open_menu(page, "Views")
    menu.get_by_label("Name").fill(IMAGE)
    menu.get_by_role("button", name="Save this view").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"Saved the view {IMAGE}.")
    page = screen.open(address(q="status = 'FAILED'", experiment="experiment-1", show="Groups"))
    open_menu(page, "Views").get_by_role("button", name=IMAGE).click()
    until(page, lambda: asked(page), view)
    assert Grid(page, "Runs").headers() == ["Run", "auc ↑"]
    expect(filter_of(page)).to_have_value("params.model = 'xgb'")
    expect(selected(page)).to_have_text("1 run selected")
    menu = page.get_by_test_id("stPopoverBody")
    if not menu.is_visible():
        open_menu(page, "Views")
    menu.get_by_role("button", name="delete").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"Deleted the view {IMAGE}.")
    expect(menu.get_by_role("button", name=IMAGE)).to_have_count(0)


def download(page: Page, label: str) -> Download:
    with page.expect_download() as started:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label).click()
    return started.value


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold a DuckDB file open in another process."""
    program = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"\n"
        yield
        holder.communicate()


def test_a_csv_has_all_pages_with_the_chosen_columns_and_no_formula(screen: Screen) -> None:
    page = screen.open(address(sort="metrics.auc", column=["metrics.auc", "params.recipe"]))
    open_menu(page, "Export")
    written = download(page, "CSV")
    assert written.suggested_filename == "runs-churn.csv"
    rows = list(csv.DictReader(io.StringIO(written.path().read_text(encoding="utf-8"))))
    assert [row["run_id"] for row in rows] == [key_of(at) for at in (*reversed(BY_AUC), WITHOUT_AUC)]
    assert list(rows[0]) == ["name", "metrics.auc", "params.recipe", "run_id"]
    assert [row["metrics.auc"] for row in rows[:2]] == [str(auc(at)) for at in BY_AUC[:-3:-1]]
    assert rows[-1]["metrics.auc"] == "NaN"
    assert {row["params.recipe"] for row in rows} == {"", f"'{FORMULA}"}


def test_every_format_has_all_runs_that_match(screen: Screen) -> None:
    page = screen.open(address(q="params.model = 'xgb'"))
    open_menu(page, "Export")
    table = pq.read_table(download(page, "Parquet").path())
    keys = [key_of(at) for at in reversed(range(RUNS)) if model(at) == "xgb"]
    assert table["run_id"].to_pylist() == keys
    for label in ("Markdown", "HTML"):
        assert re.findall(r"\b[0-9a-f]{32}\b", download(page, label).path().read_text(encoding="utf-8")) == keys


def test_a_file_that_can_t_be_made_is_explained_where_it_was_asked_for(
    start_app: StartApp, screen_at: ScreenAt, tmp_path: Path
) -> None:
    folder = make_workspace_of(tmp_path / "w", [ARun(key="a")])
    with (folder / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write("[store]\nbusy_timeout = '1s'\n")
    page = screen_at(start_app(folder)).open("/runs")
    menu = open_menu(page, "Export")
    expect(menu.get_by_role("button", name="CSV")).to_be_visible()
    with held(folder / "lean.duckdb"):
        menu.get_by_role("button", name="CSV").click()
        expect(menu.get_by_test_id("stAlert")).to_contain_text("close that program, or try again")
    download(page, "CSV")
    expect(menu.get_by_test_id("stAlert")).to_have_count(0)


def test_while_another_program_has_the_file_the_page_says_what_it_waits_for(
    start_app: StartApp, screen_at: ScreenAt, tmp_path: Path
) -> None:
    folder = make_workspace_of(tmp_path / "w", [ARun(key="a")])
    screen = screen_at(start_app(folder))
    page = screen.open("/runs")
    with held(folder / "lean.duckdb"):
        type_filter(page, "status = 'FINISHED'")
        expect(page.get_by_test_id("stSpinner")).to_contain_text("lean.duckdb")
    until(page, lambda: first_rows(page), ["a"])


def test_groups_show_mean_sd_and_n_of_what_agrees_but_for_the_seed(screen: Screen) -> None:
    page = screen.open(address(show="Groups", metric="auc"))
    grid = Grid(page, "Groups of runs")
    group = [auc(at) for at in range(RUNS) if (at % 3, at % 7) == (1, 2)]
    header = grid.headers()
    rows = [dict(zip(header, cells, strict=True)) for cells in grid.rows().values()]
    (row,) = [row for row in rows if row["model"] == "mlp" and row["depth"] == "2"]
    assert float(row["auc mean"]) == pytest.approx(statistics.mean(group))
    assert float(row["auc sd"]) == pytest.approx(statistics.stdev(group))
    assert (row["runs"], row["auc n"]) == (str(len(group)), str(len(group)))


@pytest.mark.parametrize(
    ("shown", "drawn", "width"),
    [("Parallel coordinates", ".parcoords", 1440), ("Scatter", ".xaxislayer-above", 390)],
)
def test_a_chart_draws_all_runs_that_have_a_place_on_it(
    shown: str, drawn: str, width: int, app: AppServer, screen_at: ScreenAt
) -> None:
    screen = screen_at(app, width=width)
    page = screen.open(address(show=shown))
    chart = page.get_by_role("figure", name=re.compile(f"of {RUNS - 1} runs$"))
    expect(chart.locator(drawn).first).to_be_attached()
    expect(chart.locator("canvas").first).to_be_attached()
    expect(page.get_by_text("1 run without a finite value on every axis left out.")).to_be_visible()
    assert screen.overflow() <= 0


def test_where_nothing_matches_the_page_says_so_and_the_filter_can_be_cleared(screen: Screen) -> None:
    page = screen.open(address(q="params.model = 'none'", experiment="experiment-1", column="metrics.auc"))
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"No active run matches; there are {RUNS} runs in all.")
    page.get_by_role("button", name="Clear the filter").click()
    until(page, lambda: asked(page), {"column": ["metrics.auc"]})
    until(page, lambda: first_rows(page), list(ODD_NAMES))


def test_names_and_keys_are_shown_as_they_are(screen: Screen) -> None:
    key = f"tags.`{IMAGE}`"
    page = screen.open(address(column=key))
    grid = Grid(page, "Runs")
    assert first_rows(page) == list(ODD_NAMES)
    assert grid.rows()[0] == [IMAGE, IMAGE]
    grid.frame.locator(".dvn-scroller").first.hover(position={"x": BESIDE_NAME, "y": 17})
    expect(page.get_by_test_id("stDataFrameTooltipContent")).to_contain_text(key)
    type_filter(page, "tags.`!")
    expect(page.get_by_test_id("stButton").filter(has_text=key)).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_everything_is_within_the_window(width: int, theme: str, app: AppServer, screen_at: ScreenAt) -> None:
    screen = screen_at(app, width=width, theme=theme)
    page = screen.open(address(run=[ref_of(NEWEST), ref_of(0)], q="metrics.auc > 0", lifecycle="all"))
    assert Grid(page, "Runs").marked() == [0]
    assert screen.overflow() <= 0
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for control in page.locator("[data-testid=stMain]").locator("button, input, a").filter(visible=True).all():
        box = control.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, control.inner_text()
    for menu in ("Views", "Export", "Sources", "Columns"):
        box = open_menu(page, menu).bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, menu
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
