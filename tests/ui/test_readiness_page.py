"""The page Readiness: each model on a card, the shortcuts that hurt most, and where nothing is known yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.signals import Reading, note_readings
from lean_core.workbench import Workbench
from pages._ui import checkpoint_look
from tests import readiness_workspace
from tests.conftest import FrozenClock
from tests.releases.builders import on
from tests.signals.builders import a_reading
from tests.ui.conftest import OpenApp

SIGNALS = """
[telemetry.api]
kind = "http"
url = "http://127.0.0.1:9/health"
""" + "".join(
    f'[signals.{name}]\nsource = "api"\nexpression = "status"\nclass = "{kind}"\nmodel = "churn"\nmax = 1\n'
    f'runbook = "https://wiki.example.com/{name}"\n'
    for name, kind in (("errors", "errors"), ("latency", "latency"), ("drift", "prediction_drift"))
)


@pytest.fixture
def startup(tmp_path: Path, clock: FrozenClock) -> Path:
    """Return the folder of a startup with three models, of which two are live."""
    clock.time = on(10)
    folder = readiness_workspace.make(tmp_path / "startup")
    readiness_workspace.fill(folder, now=clock.time)
    return folder


def said(app: AppTest) -> str:
    """Return all Markdown of the page, without the backslashes that keep it plain."""
    return "\n".join(each.value for each in app.main.markdown).replace("\\", "")


def names(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in app.subheader]


def labels(app: AppTest) -> list[str]:
    return [each.proto.label.replace("\\", "") for each in app.get("page_link")]


def test_it_is_the_home_page_and_the_models_that_need_somebody_most_come_first(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    assert app.title[0].value == "Readiness"
    assert names(app)[:4] == ["churn", "fraud", "price", "Top risks"]
    assert not app.exception


def test_a_card_says_what_is_live_how_it_stands_and_what_to_do_next(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    assert "**13** is live in prod since 10 Mar 2026 (1 d)." in said(app)
    assert "Not ready: 3 of 5 questions are answered." in said(app)
    assert ":material/check_circle: answered" in said(app)
    assert ":material/thumb_down: bad" in said(app)
    assert "**Next:** Give D-2 an owner and a senior reviewer." in said(app)
    assert "lean-mlops debt edit D-2" in [each.value for each in app.code]


def test_the_last_release_is_told_by_its_effect_on_the_metric(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    metrics = [(each.label, each.value, each.delta) for each in app.metric]
    assert metrics == [("auc of 13", "0.83", "-0.01"), ("auc of 12", "0.82", "+0.03")]
    assert [each.proto.delta_description for each in app.metric] == [
        "worse than 12\\, if higher is better",
        "better than 11\\, if higher is better",
    ]
    assert "Nothing was released yet." in said(app)


def test_a_direction_that_somebody_said_is_no_guess(open_app: OpenApp, startup: Path):
    Workbench.open(startup).set_directions({"auc": "lower"}, actor="ana")
    assert open_app(startup).metric[0].proto.delta_description == "better than 12"


def test_a_model_that_is_not_live_is_asked_the_first_question(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    assert "Nothing is live in prod." in said(app)
    assert "**Next:** Record which version is in prod, or deploy one." in said(app)


def test_the_shortcut_whose_time_has_come_is_the_first_risk(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    risks = said(app)[said(app).index("**Deployed from a laptop**") :]
    assert risks.index("Its time has come:") < risks.index("high severity")
    assert "All 4 open shortcuts" in "".join(labels(app))
    assert "No types in the feature code**" not in risks[: risks.index("metrics.auc")], "three are enough"


def test_what_people_wrote_is_never_read_as_markdown(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    raw = "\n".join(each.value for each in app.main.markdown)
    assert "![x]" not in raw
    assert r"\!\[x\]\(http" in raw


def test_below_stand_the_releases_the_waivers_and_the_triggers(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    table = next(each.value for each in app.dataframe)
    assert list(table["Version"]) == ["13", "12", "12", "11", "11"]
    assert "waived by ben: new market" in said(app)
    assert ":material/alarm: fired" in said(app)
    assert ":material/help: cannot evaluate" in said(app)


def test_each_statement_opens_its_evidence(open_app: OpenApp, startup: Path):
    links = [(each.proto.page, each.proto.query_string) for each in open_app(startup).get("page_link")]
    assert ("checkpoint", "model=churn&check=Signals") in links
    assert ("version", "model=churn&version=13") in links
    assert ("debt", "item=D-1") in links
    changed = "section=What+changed&before=12&after=13&model=churn&changed_in=prod"
    assert ("releases", changed) in links


def test_a_look_is_kept_for_a_minute_and_made_anew_when_asked(open_app: OpenApp, startup: Path, clock: FrozenClock):
    app = open_app(startup)
    clock.advance(seconds=30)
    assert "As of 2026-03-11 12:00 UTC" in said(app.run())
    clock.advance(minutes=5)
    next(each for each in app.button if each.label == "Look again").click().run()
    assert "As of 2026-03-11 12:05 UTC" in said(app)


def test_presented_there_is_neither_a_sidebar_nor_anything_to_type(open_app: OpenApp, startup: Path):
    (link,) = open_app(startup).get("link_button")
    assert (link.proto.label, link.proto.url) == ("Present", "./?present=1")
    app = open_app(startup, present="1")
    assert [each.label for each in app.button] == ["Leave presentation"]
    assert not app.code
    assert not app.sidebar.markdown
    app.button[0].click().run()
    assert "present" not in app.query_params
    assert app.sidebar.markdown


def test_three_models_have_cards_and_the_others_a_table(open_app: OpenApp, tmp_path: Path, clock: FrozenClock):
    clock.time = on(10)
    models = [f"model-{number:02}" for number in range(12)]
    app = open_app(readiness_workspace.make(tmp_path / "many", models=models))
    assert names(app)[:5] == ["model-00", "model-01", "model-02", "Top risks", "9 more models"]
    table = app.dataframe[0].value
    assert list(table["Model"]) == models[3:], "what is live comes before what is not"
    assert list(table["Stands"]) == ["Not ready"] * 9
    assert "No shortcut is logged." in said(app)


def test_a_click_on_a_name_of_the_table_opens_its_checkpoint(open_app: OpenApp, startup: Path):
    app = open_app(startup)
    app.session_state["open_checkpoint"] = "fraud"
    app.run()
    assert app.title[0].value == "Checkpoint"
    assert app.selectbox[0].value == "fraud"


def test_without_a_registry_the_page_teaches_how_to_begin(open_app: OpenApp, make_workspace):
    app = open_app(make_workspace())
    assert '[registry]\nuri = "registry"' in app.code[0].value
    assert "Which signal shows that it is broken or stale?" in said(app)
    assert not app.exception


def test_an_empty_registry_asks_for_the_first_version(open_app: OpenApp, make_workspace):
    folder = make_workspace('[registry]\nuri = "registry"\n')
    (folder / "registry").mkdir()
    app = open_app(folder)
    assert "**The registry has no model yet.**" in said(app)
    assert [each.value.split()[1] for each in app.code] == ["register", "deploy"]


def test_a_registry_that_cannot_be_read_leaves_what_was_found_earlier(open_app: OpenApp, startup: Path):
    Workbench.open(startup).look()
    (startup / "registry").rename(startup / "moved")
    app = open_app(startup)
    assert [each.value.replace("\\", "") for each in app.warning] == [
        f"there is no folder {startup}/registry: make it, mount it, or correct the path"
    ]
    assert names(app)[:3] == ["churn", "fraud", "price"]
    assert "What the last release did can't be read now." in said(app)
    assert not app.exception


def test_a_registry_that_was_never_read_is_said_to_be_unreadable(open_app: OpenApp, make_workspace):
    app = open_app(make_workspace('[registry]\nuri = "elsewhere/registry"\n'))
    assert "there is no folder" in app.warning[0].value
    assert "Nothing was found earlier either" in app.info[0].value


# Signals


def with_signals(startup: Path, clock: FrozenClock, *readings: Reading) -> None:
    with (startup / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write(SIGNALS)
    with Workbench.open(startup).store.write() as cursor:
        note_readings(cursor, readings, now=clock.time)


def test_without_a_signal_the_page_says_that_nobody_would_notice(open_app: OpenApp, startup: Path):
    assert "No signal is declared: nobody would notice if it broke." in said(open_app(startup))


def test_what_is_broken_stale_or_unknown_is_told_and_what_is_well_is_not(
    open_app: OpenApp, startup: Path, clock: FrozenClock
):
    broken = a_reading(0.5, at=clock.time, signal="errors")
    well = a_reading(0.01, at=clock.time, signal="latency")
    with_signals(startup, clock, broken, well)
    app = open_app(startup)
    assert ":red[:material/error: broken] **errors**: 0.5, allowed is at most 0.05." in said(app)
    assert ":orange[:material/help: unknown] **drift**: It was never read: `lean-mlops signals` reads it." in said(app)
    assert "**latency**" not in said(app)
    assert [label for label in labels(app) if "3 signals" in label or "Runbook" in label] == [
        ":small[:blue[All 3 signals]]",
        ":small[:blue[Runbook]]",
        ":small[:blue[Runbook]]",
    ]


def test_a_reading_grows_stale_on_the_home_page_by_the_clock_alone(
    open_app: OpenApp, startup: Path, clock: FrozenClock
):
    readings = [a_reading(0.01, at=clock.time, signal=name) for name in ("errors", "latency", "drift")]
    with_signals(startup, clock, *readings)
    assert "None is broken, stale or unknown." in said(open_app(startup))
    clock.advance(days=2)
    checkpoint_look.forget()  # a look is kept for a minute
    assert said(open_app(startup)).count(":orange[:material/history: stale] **") == 3


def test_a_metric_whose_record_is_contradicted_is_not_called_better(open_app: OpenApp, startup: Path):
    (startup / "registry/churn/13/metrics.json").write_text('{"auc": 0.99}')
    first = open_app(startup).metric[0]
    assert first.proto.delta_description == "but its record is contradicted"
