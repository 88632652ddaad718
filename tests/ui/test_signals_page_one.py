"""The page Signals with one signal alone: how it went, what was released meanwhile, and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.workbench import Workbench
from tests import signals_workspace
from tests.conftest import FrozenClock
from tests.ui.conftest import OpenApp


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """Return the address of a service that tells its health."""
    with signals_workspace.health() as url:
        yield url


@pytest.fixture
def startup(tmp_path: Path, clock: FrozenClock, api: str) -> Path:
    """Return a workspace with the readings of six days."""
    folder = signals_workspace.make(tmp_path / "startup", api=api, now=clock.time)
    signals_workspace.fill(folder, now=clock.time)
    return folder


def said(app: AppTest) -> str:
    """Return all Markdown of the page, without the backslashes that keep it plain."""
    return "\n".join(each.value for each in [*app.main.markdown, *app.main.caption]).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def charts(app: AppTest) -> list[dict]:
    return [json.loads(each.proto.spec) for each in app.get("plotly_chart")]


def test_a_signal_has_a_page_with_its_state_and_why(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="churn-errors")
    assert app.subheader[0].value == r"churn\-errors"
    assert ":red-badge[:material/error: broken]" in said(app)
    assert "2.4 %, allowed is at most 1 %" in said(app)
    assert ":gray[Watches] errors of churn in prod" in said(app)
    assert ":gray[Owner] ana" in said(app)
    assert "(<https://wiki.example.com/churn-errors>)" in said(app)
    assert not app.exception


def test_the_chart_has_the_threshold_as_it_was_and_marks_what_was_not_well(open_app: OpenApp, startup: Path):
    (chart,) = charts(open_app(startup, "signals", signal="churn-errors", period="7 d"))
    lines = {each.get("name"): each for each in chart["data"]}
    assert lines["at most"]["line"]["shape"] == "hv"
    assert set(lines["at most"]["y"]) == {0.02, 0.01}
    assert set(lines["warning from"]["y"]) == {None, 0.008}
    assert len(lines["unknown"]["x"]) == 2
    assert len({lines[each]["marker"]["symbol"] for each in ("ok", "warning", "broken", "unknown")}) == 4


def test_the_releases_of_its_model_are_upright_lines_with_their_versions(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="churn-errors", period="7 d")
    (chart,) = charts(app)
    assert len(chart["layout"]["shapes"]) == 2
    assert [each["text"] for each in chart["layout"]["annotations"]] == ["12", "13"]
    assert "2 deployments of churn (upright lines)" in said(app)
    assert (
        "Beyond its threshold since the reading of 2026-11-22 15:55 UTC: 4 h after churn **13** was deployed."
        in said(app)
    )


def test_a_period_is_chosen_by_the_address(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="churn-errors", period="24 h")
    assert "12 readings" in said(app)
    assert "Beyond its threshold" in said(app)
    app = open_app(startup, "signals", signal="churn-errors", period="a year")
    assert "There is no period `a year`" in app.info[0].value
    assert "73 readings, 2 without a number (marked at the foot)" in said(app)


def test_a_registry_that_is_gone_hides_the_releases_alone(open_app: OpenApp, startup: Path):
    (startup / "registry").rename(startup / "elsewhere")
    app = open_app(startup, "signals", signal="churn-errors")
    assert "What was deployed can't be read" in said(app)
    assert len(charts(app)) == 1


def test_a_distribution_is_held_against_its_reference_as_shares(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="score-drift")
    _, chart = charts(app)
    reference, now = chart["data"]
    assert reference["name"] == "reference (n = 1,000)"
    assert now["name"] == "now (n = 500)"
    assert sum(reference["y"]) == pytest.approx(1)
    assert sum(now["y"]) == pytest.approx(1)
    assert now["y"][0] == pytest.approx(12 / 500)
    assert chart["layout"]["barmode"] == "overlay"
    assert signals_workspace.NOTE in said(app)


def test_the_evidence_is_enough_to_ask_the_same_again(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="score-drift")
    assert ":gray[Place] `http://api.internal/health`" in said(app)
    assert ":gray[Window] 2026-11-22 11:55:00 to 2026-11-23 11:55:00 UTC" in said(app)
    assert ":gray[Rows] 500" in said(app)
    assert ":gray[Judged by] at most 0.25" in said(app)
    assert "GET http://api.internal/health" in [each.value for each in app.code]


def test_one_signal_alone_is_read_now(open_app: OpenApp, startup: Path):
    app = press(open_app(startup, "signals", signal="score-drift"), "Read now")
    assert ":red-badge[:material/error: broken]" in said(app)
    assert app.status[0].label.startswith("Read now: **1 broken** of 1 signal")
    history = Workbench.open(startup).signal_history
    assert (len(history("score-drift", 90)), len(history("churn-latency", 90))) == (74, 73)


def test_a_source_that_is_gone_is_a_sentence(open_app: OpenApp, startup: Path):
    app = press(open_app(startup, "signals", signal="fraud-errors"), "Read now")
    assert "nothing listens there" in said(app)
    assert ":gray[Trouble] unreachable" in said(app)
    assert not app.exception


def test_a_job_shows_what_it_said(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", job="nightly-train")
    assert ":gray[Last success] 2 h ago" in said(app)
    assert list(app.dataframe[0].value["Said"]) == ["success"] * 6
    assert [each.label for each in app.button if each.label == "Read now"] == []


def test_a_job_that_never_spoke_teaches_how(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="retrain-fraud")
    assert "lean-mlops beat retrain-fraud" in app.code[0].value


def test_a_name_that_is_none_is_said_and_the_list_is_there(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="churn-erors")
    assert "There is no signal `churn-erors`, which the address asks for" in app.info[0].value
    assert len(app.dataframe) == 6
    assert "There is no signal `churn-erors`" in app.run().info[0].value


def test_the_way_back_leads_to_the_list(open_app: OpenApp, startup: Path):
    app = press(open_app(startup, "signals", signal="churn-errors"), "All signals")
    assert "signal" not in app.query_params
    assert len(app.dataframe) == 6


def test_what_people_wrote_is_never_read_as_markdown(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", signal="score-drift")
    raw = "\n".join(each.value for each in app.main.markdown)
    assert "![x]" not in raw
    assert r"\!\[x\]\(http" in raw


@pytest.fixture
def logged(tmp_path: Path, clock: FrozenClock, api: str) -> Path:
    """Return a workspace with a prediction log whose signal was read."""
    folder = signals_workspace.make(tmp_path / "logged", api=api, now=clock.time, extra=signals_workspace.LOG)
    signals_workspace.write_log(folder, now=clock.time)
    Workbench.open(folder).read_signals(names=["failed-predictions"])
    return folder


def test_the_rows_of_a_log_are_shown_where_they_are_asked_for(open_app: OpenApp, logged: Path):
    app = open_app(logged, "signals", signal="failed-predictions")
    assert "10 %, allowed is at most 5 %." in said(app)
    assert len(app.dataframe) == 0
    app = app.toggle[0].set_value(True).run()
    rows = app.dataframe[0].value
    assert len(rows) == 200
    assert list(rows.columns) == ["at", "version", "score", "status", "plan"]
    assert "200 rows of 2026-11-22 12:00 to 2026-11-23 12:15 UTC, the newest first, from `today.csv`." in said(app)


def test_the_rows_of_a_window_are_a_file_that_runs_no_formula(logged: Path, clock: FrozenClock):
    from lean_core.signals.export import rows_to_csv

    sample = Workbench.open(logged).sample_signal("failed-predictions", clock.time, 200)
    written = rows_to_csv(sample.columns, sample.rows).decode().splitlines()
    assert written[:2] == ["at,version,score,status,plan", "2026-11-23T11:59:00.000Z,13,0.0,200,'=SUM(A1)"]
    assert len(written) == 201


def test_a_log_that_is_gone_is_a_sentence(open_app: OpenApp, logged: Path):
    (logged / "log" / "today.csv").unlink()
    app = open_app(logged, "signals", signal="failed-predictions", rows="true")
    assert "There is no file at log" in app.warning[0].value.replace("\\", "")
    assert not app.exception


def test_a_signal_without_rows_at_hand_offers_none(open_app: OpenApp, startup: Path):
    assert len(open_app(startup, "signals", signal="churn-errors").toggle) == 0
