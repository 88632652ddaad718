"""The pages Readiness and Checkpoint in a real browser: cold deep links at both widths, one screen, presented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests import readiness_workspace
from tests.browser.conftest import LOOKS, WIDTHS, ScreenAt, StartApp
from tests.browser.screen import Screen
from tests.browser.server import AppServer

HEIGHT = 900
"""Pixels of the window."""
CUT_OFF = "boxes => boxes.filter(each => each.scrollWidth - each.clientWidth > 1).map(each => each.innerText)"
"""The texts that are wider than the room that they have."""


def make_startup(folder: Path) -> Path:
    """Make the folder of a startup with three models, of which two are live."""
    readiness_workspace.make(folder)
    readiness_workspace.fill(folder, now=dt.datetime.now(dt.UTC).replace(tzinfo=None))
    return folder


@pytest.fixture(scope="module")
def startup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a startup for the tests that only look at it."""
    return make_startup(tmp_path_factory.mktemp("readiness") / "startup")


@pytest.fixture(scope="module")
def app(startup: Path, start_shared: StartApp) -> AppServer:
    """Serve the startup once; its first request is for the home page, by the first test below."""
    return start_shared(startup)


def expect_told(screen: Screen, address: str, told: str) -> None:
    """Expect that an address tells something, has nothing to complain about, and fits the window."""
    page = screen.open(address)
    expect(page.get_by_test_id("stMain")).to_contain_text(told)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert screen.overflow() <= 0
    assert page.get_by_test_id("stMarkdown").evaluate_all(CUT_OFF) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("address", "told"),
    [
        pytest.param("/", "Nothing is live in prod.", id="home"),
        pytest.param("/readiness", "Nothing is live in prod.", id="readiness"),
        pytest.param("/checkpoint?model=fraud", "Which model version is live?", id="checkpoint"),
        pytest.param("/checkpoint?model=churn&check=Shortcuts", "pieces of evidence", id="evidence"),
        pytest.param("/checkpoint?model=churn&part=Claims", "we hold no personal data", id="claims"),
    ],
)
def test_a_deep_link_opens_what_it_says(
    app: AppServer, screen_at: ScreenAt, look: tuple[int, str], address: str, told: str
):
    width, theme = look
    expect_told(screen_at(app, width=width, theme=theme), address, told)


def test_three_models_and_what_hurts_them_are_on_one_screen(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/")
    expect(page.get_by_test_id("stMetricChart")).to_have_count(2)
    for told in ("Not ready: 0 of 5", "No deployment of price", "Its time has come:", "severity not rated"):
        place = page.get_by_text(told).first.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= HEIGHT, f"one has to scroll to: {told}"


def test_no_plotly_is_loaded(app: AppServer, screen_at: ScreenAt):
    screen = screen_at(app)
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    page = screen.open("/")
    expect(page.get_by_test_id("stMetricChart")).to_have_count(2)
    assert [url for url in asked if "plotly" in url.lower()] == []


def test_it_is_presented_without_sidebar_and_menu_and_there_is_a_way_out(app: AppServer, screen_at: ScreenAt):
    screen = screen_at(app)
    with screen.page.context.expect_page() as opened:
        screen.open("/").get_by_role("link", name="Present").click()
    page = opened.value
    expect(page).to_have_url(f"{screen.url}/?present=1")
    expect(page.get_by_role("button", name="Leave presentation")).to_be_visible()
    expect(page.get_by_text("Its time has come:")).to_be_visible()
    for part in ("stSidebar", "stMainMenu", "stCode"):
        expect(page.get_by_test_id(part)).to_have_count(0)
    page.get_by_role("button", name="Leave presentation").click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    expect(page.get_by_test_id("stMainMenu")).to_be_visible()
    expect(page).to_have_url(f"{screen.url}/")


def test_a_statement_opens_its_evidence_down_to_the_file(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/")
    page.get_by_role("link", name="Provenance").first.click()
    expect(page.get_by_text("Which code, data reference and metric produced it?")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"model": ["churn"], "check": ["Provenance"]}
    page.get_by_role("link", name="metrics.json").click()
    expect(page.get_by_test_id("stCode").filter(has_text='"auc": 0.83')).to_be_visible()
    assert urlsplit(page.url).path == "/version"
    assert parse_qs(urlsplit(page.url).query) == {"model": ["churn"], "version": ["13"], "file": ["metrics.json"]}


def test_the_trail_of_another_model_than_the_first_is_opened(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/checkpoint?model=fraud&check=Deployment")
    page.get_by_role("link", name="Trail").first.click()
    expect(page.get_by_role("tab", name="Trail", selected=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("fraud")


def test_a_claim_is_made_and_withdrawn(start_app: StartApp, screen_at: ScreenAt, tmp_path: Path):
    server = start_app(make_startup(tmp_path / "startup"))
    for width in WIDTHS:
        page = screen_at(server, width=width).open("/checkpoint?model=churn&part=Claims")
        page.get_by_label("What you know, and how").fill("Nothing has to be moved")
        page.get_by_role("button", name="Claim it").click()
        expect(page.get_by_test_id("stAlert")).to_contain_text("Claimed about debt.none.migration")
        withdrawn = page.get_by_role("button", name="Withdraw…")
        expect(withdrawn).to_have_count(2)
        withdrawn.last.click()
        dialog = page.get_by_role("dialog", name="Withdraw this claim?")
        expect(dialog).to_contain_text("Nothing has to be moved")
        dialog.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_test_id("stAlert")).to_contain_text("Nobody claims anything about debt.none.migration")
        expect(withdrawn).to_have_count(1)


def test_without_a_registry_the_first_screen_teaches(start_app: StartApp, screen_at: ScreenAt, make_workspace):
    screen = screen_at(start_app(make_workspace()), width=390)
    page = screen.open("/")
    expect(page.get_by_test_id("stCode").first).to_contain_text("[registry]")
    expect(page.get_by_test_id("stMain")).to_contain_text("Which signal shows that it is broken or stale?")
    assert screen.overflow() <= 0


def test_how_to_do_it_is_read_where_it_is_needed(app: AppServer, screen_at: ScreenAt):
    page = screen_at(app).open("/checkpoint?model=churn&check=Signals")
    page.get_by_role("button", name="Read how").click()
    expect(page.get_by_role("dialog", name="Documentation")).to_contain_text("probe")
