"""The page Signals: what is listed, in which words, and what reading now does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.errors import UnavailableError
from lean_core.workbench import Workbench
from tests import signals_workspace
from tests.conftest import FrozenClock, MakeWorkspace
from tests.ui.conftest import OpenApp


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """Return the address of a service that tells its health."""
    with signals_workspace.health() as url:
        yield url


@pytest.fixture
def unread(tmp_path: Path, clock: FrozenClock, api: str) -> Path:
    """Return a workspace whose signals were never read."""
    return signals_workspace.make(tmp_path / "startup", api=api, now=clock.time)


@pytest.fixture
def startup(unread: Path, clock: FrozenClock) -> Path:
    """Return a workspace with the readings of six days."""
    signals_workspace.fill(unread, now=clock.time)
    return unread


def said(app: AppTest) -> str:
    """Return all Markdown of the page, without the backslashes that keep it plain."""
    return "\n".join(each.value for each in [*app.main.markdown, *app.main.caption]).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def listed(app: AppTest) -> dict[str, str]:
    """Return the states of all rows, by name."""
    return {
        name: state
        for table in app.dataframe
        if "Signal" in table.value
        for name, state in zip(table.value["Signal"], table.value["State"], strict=True)
    }


def test_each_signal_and_each_job_is_a_row_under_its_class(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals")
    assert [each.value for each in app.subheader] == [
        "Errors",
        "Latency",
        "Stale jobs",
        "Missing inputs",
        "Prediction drift",
        "Business",
    ]
    assert listed(app) == {
        "churn-errors": "✗ broken",
        "fraud-errors": "? unknown",
        "churn-latency": "✓ ok",
        "score-orders": "✗ broken",
        "retrain-fraud": "? unknown",
        "nightly-train": "✓ ok",
        "orders-age": "◷ stale",
        "score-drift": "✓ ok",
        "churn-left": "‖ paused",
    }
    assert "**2 broken**, **1 stale**, **2 unknown**, **1 paused** of 9 signals" in said(app)
    assert "Nothing watches: data quality." in said(app)
    assert not app.exception


def test_a_row_has_value_line_age_threshold_owner_and_model(open_app: OpenApp, startup: Path):
    row = open_app(startup, "signals").dataframe[0].value.iloc[0]
    assert row["Value"] == "2.4 %"
    assert len(row["Readings"]) == 48  # of 50 readings, two were without a number
    assert row["Age"] == "5 min"
    assert row["Allowed"] == "at most 1 %, a warning from 0.8 % on, broken after 15m beyond it"
    assert (row["Owner"], row["Model"]) == ("ana", "churn")


def test_what_is_not_ok_says_why_without_hovering(open_app: OpenApp, startup: Path):
    told = said(open_app(startup, "signals"))
    assert ":red-badge[:material/error: broken] **churn-errors** 2.4 %, allowed is at most 1 %" in told
    assert "[Runbook](<https://wiki.example.com/churn-errors>)" in told
    assert "**orders-age** What the source knows is 7 h old, and a reading counts for 6h." in told
    assert "**fraud-errors** It was never read: `lean-mlops signals` reads it." in told
    assert "**churn-left** Paused: no labels before December" in told
    assert "**retrain-fraud** No beat has come yet" in told
    assert "**churn-latency**" not in told


def test_the_address_narrows_the_list_to_a_model(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", model="fraud")
    assert list(listed(app)) == ["fraud-errors", "retrain-fraud"]
    app.selectbox[0].set_value("").run()
    assert len(listed(app)) == 9
    assert "model" not in app.query_params
    app.selectbox[0].set_value("churn").run()
    assert app.query_params["model"] == "churn"


def test_the_address_narrows_the_list_to_states(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", state=["stale", "warning", "ok"])
    assert set(listed(app).values()) == {"◷ stale", "✓ ok"}
    assert "There is no signal in state `warning`, which the address asks for" in app.info[0].value


def test_a_filter_that_nothing_passes_can_be_cleared(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", model="fraud", state=["ok"])
    assert "No signal passes the filter." in app.info[0].value
    assert len(listed(press(app, "Clear the filter"))) == 9


def test_a_model_without_signals_is_said_to_have_none(open_app: OpenApp, startup: Path):
    app = open_app(startup, "signals", model="nope")
    assert "No signal is of a model `nope`" in app.info[0].value
    assert len(listed(app)) == 9


def test_all_are_read_by_a_button_and_one_source_that_is_gone_hides_no_other(open_app: OpenApp, startup: Path):
    app = press(open_app(startup, "signals"), "Read all now")
    states = listed(app)
    assert states["churn-latency"] == "✓ ok"
    assert states["orders-age"] == "✓ ok"
    assert states["score-drift"] == "✗ broken"
    assert states["fraud-errors"] == "? unknown"
    assert "**fraud-errors** http://127.0.0.1" in said(app)
    assert "nothing listens there" in said(app)
    assert app.status[0].label.startswith("Read now: **2 broken**, **1 unknown**, **1 paused** of 6 signals")
    assert app.status[0].state == "complete"
    assert "`api` has answered" in said(app)
    assert Workbench.open(startup).signal_history("score-drift", 1)[0].value == pytest.approx(0.34)


def test_drawing_the_page_reads_nothing(open_app: OpenApp, startup: Path):
    before = Workbench.open(startup).signal_history("churn-errors", 90)
    open_app(startup, "signals").run()
    assert Workbench.open(startup).signal_history("churn-errors", 90) == before


def test_what_was_declared_and_never_read_offers_to_be_read(open_app: OpenApp, unread: Path):
    app = open_app(unread, "signals")
    assert "**6 signals declared, and none was ever read.**" in said(app)
    app = press(app, "Read for the first time")
    assert "none was ever read" not in said(app)
    assert listed(app)["churn-errors"] == "! warning"


def test_what_is_read_and_cannot_be_kept_is_shown_all_the_same(
    open_app: OpenApp, unread: Path, monkeypatch: pytest.MonkeyPatch
):
    app = open_app(unread, "signals")

    def refuse(*_: object, **__: object) -> None:
        raise UnavailableError("the disk is full")

    monkeypatch.setattr("lean_core.signals.note_readings", refuse)
    app = press(app, "Read all now")
    assert "What was read is not kept: the disk is full" in app.warning[0].value.replace("\\", "")
    assert listed(app)["churn-latency"] == "✓ ok"


def test_a_registry_that_cannot_be_read_hides_no_signal(open_app: OpenApp, startup: Path):
    (startup / "registry").rename(startup / "elsewhere")
    app = open_app(startup, "signals")
    assert "The heartbeats of jobs can't be read" in app.warning[0].value.replace("\\", "")
    assert listed(app)["churn-errors"] == "✗ broken"


def test_without_any_signal_the_page_teaches_the_smallest_set(open_app: OpenApp, make_workspace: MakeWorkspace):
    folder = make_workspace()
    app = open_app(folder, "signals")
    assert "No signal is declared yet" in said(app)
    assert "lean-mlops signals" in [each.value for each in app.code]
    with (folder / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write(app.code[0].value)
    bench = Workbench.open(folder)
    assert list(bench.settings.signals) == ["api-errors", "api-latency", "orders-age"]
    assert list(bench.settings.heartbeats) == ["nightly-train"]


def test_jobs_alone_are_listed_above_what_to_declare(open_app: OpenApp, make_workspace: MakeWorkspace):
    folder = make_workspace('[registry]\nuri = "registry"\n\n[heartbeats.nightly]\nevery = "1d"\n')
    (folder / "registry").mkdir()
    app = open_app(folder, "signals")
    assert listed(app) == {"nightly": "? unknown"}
    assert "No signal is declared yet" in said(app)


def test_the_list_is_exported_as_csv_and_json(startup: Path):
    from lean_core.signals.export import to_csv, to_json

    found = Workbench.open(startup).signals()
    rows = to_csv(found.signals, found.at).decode().splitlines()
    assert len(rows) == 10
    assert rows[1].startswith("churn-errors,signal,errors,broken,")
    assert "at most 1 %, a warning from 0.8 % on, broken after 15m beyond it" in rows[1]
    documents = json.loads(to_json(found.signals, found.at))
    assert documents[0]["threshold"] == {"max": 0.01, "min": None, "warn": 0.008, "for_seconds": 900.0}
    assert documents[0]["observed_at"].endswith("Z")
    assert json.loads(to_json([], found.at)) == []


def test_what_is_exported_runs_no_formula():
    from lean_core.signals.export import rows_to_csv

    assert rows_to_csv(["=a"], [{"=a": "@b"}, {"=a": -1.5}]).decode() == "'=a\n'@b\n-1.5\n"
