"""The page Releases: what was live, what changed, the way back, and the trail."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from pandas import DataFrame
from streamlit.testing.v1 import AppTest

from lean_core.releases import KnownEvent
from lean_core.releases.difference import NAMES
from pages._ui import keys, release_timeline, release_trail
from tests.cli import releases_workspace
from tests.cli.releases_workspace import served, trail_of
from tests.conftest import FrozenClock
from tests.registry.folders import write_event
from tests.releases.builders import a_deployment, a_drill, a_gate, a_withdrawal, on
from tests.run_workspaces import HOSTILE
from tests.ui.conftest import PATIENCE_SECONDS

DAY_OF_12, DAY_OF_13 = "2026-03-02 13:00", "2026-03-03 13:00"
"""Moments at which each of them was live."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace in which churn 12 and then 13 went to prod, each past its gate."""
    return releases_workspace.make(tmp_path / "w", *served("12", "13"))


def said(app: AppTest) -> str:
    """Return all that a page says outside of tables, as it is read."""
    elements = (*app.title, *app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error)
    return "\n".join(element.value for element in elements).replace("\\", "")


def frame(app: AppTest, alt: str) -> DataFrame:
    (found,) = [each.value for each in app.dataframe if each.proto.alt == alt]
    return found


def candidates(app: AppTest) -> list[dict[str, str]]:
    (found,) = [each.value for each in app.table if each.proto.alt == "Versions to go back to"]
    return [{key: str(value).replace("\\", "") for key, value in row.items()} for row in found.to_dict("records")]


def sentences(app: AppTest) -> list[str]:
    """Return the paragraphs of the trail, the icon and the sentence on their first lines."""
    (trail,) = [each.value.replace("\\", "") for each in app.markdown if ":material/rule:" in each.value]
    return trail.split("\n\n")


def make_dirty(workspace: Path, version: str) -> None:
    path = workspace / "registry" / "churn" / version / "version.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"code": record["code"] | {"dirty": True}}))


def click(app: AppTest, label: str) -> AppTest:
    (found,) = [each for each in app.button if each.label == label]
    return found.click().run()


def run_preflight(app: AppTest) -> AppTest:
    """Click the button, and wait for what the pre-flight found."""
    click(app, "Run the pre-flight")
    until = time.monotonic() + PATIENCE_SECONDS
    while "Record a drill" not in [each.label for each in app.button]:
        assert time.monotonic() < until, f"the pre-flight does not end: {said(app)}"
        app.run()
    return app


# What was live


def test_a_date_is_answered_with_the_version_its_time_and_its_person(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What was live", then=DAY_OF_12)
    prod = frame(app, "What was live").set_index("Environment").loc["prod"]
    assert (prod["Version"], prod["By"], prod["Late"]) == ("12", "ana", "")
    assert (prod["Since (UTC)"], prod["Until (UTC)"]) == ("2026-03-02 12:00", "2026-03-03 12:00")
    assert prod["Code"] == "clean"


def test_what_was_live_of_changes_that_no_commit_has_is_dirty(open_app, workspace: Path):
    make_dirty(workspace, "12")
    app = open_app(workspace, "releases", section="What was live", then=DAY_OF_12)
    assert frame(app, "What was live").set_index("Environment").loc["prod", "Code"] == "dirty"


def test_a_day_that_is_picked_is_asked_for_as_one_that_is_written(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What was live")
    app.date_input[0].set_value(on(2).date()).run()
    assert app.text_input(key=keys.THEN).value == "2026-03-03"
    assert list(frame(app, "What was live").query("Environment == 'prod'")["Version"]) == ["12", "13"]


@pytest.mark.parametrize("written", ["the day of the tentacle", "2999-01-01", "30 February"])
def test_what_is_no_date_that_has_been_is_answered_with_a_sentence(open_app, workspace: Path, written: str):
    app = open_app(workspace, "releases", section="What was live", then=written)
    assert len(app.error) == 1
    assert written in app.error[0].value.replace("\\", "")


def test_before_the_first_deployment_nothing_was_live_and_the_command_is_taught(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What was live", then="2026-01-01")
    assert "Nothing was declared live then" in said(app)
    assert "lean-mlops deploy" in said(app)


def test_an_event_that_came_late_is_marked_with_what_the_trail_said_at_that_time(open_app, tmp_path: Path):
    workspace = releases_workspace.make(tmp_path / "w")
    write_event(workspace / "registry", a_deployment("12", day=1), at=on(5))
    write_event(workspace / "registry", a_deployment("13", day=3), at=on(3))
    app = open_app(workspace, "releases", section="What was live", then="2026-03-03")
    prod = frame(app, "What was live").set_index("Environment").loc["prod"]
    assert (prod["Version"], prod["Late"]) == ("12", "known since 2026-03-06 12:00")
    assert "at that time the trail said nothing" in said(app)


# What changed


def test_by_default_what_is_live_is_held_against_what_was_before(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What changed")
    assert "What changed from `12` to `13` of `churn`" in said(app)
    states = re.findall(r"-badge\[:material/\w+: (changed|unknown|same)\]", said(app))
    assert states == sorted(states, key=["changed", "unknown", "same"].index)
    assert len(states) == len(NAMES)
    values = frame(app, "Changed values").set_index("Key")
    assert (values.loc["depth", "In 12"], values.loc["depth", "In 13"]) == ("4", "6")


def test_commits_stand_with_author_review_and_its_reason_and_the_diff_below(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What changed")
    (commit,) = frame(app, "Commits").to_dict("records")
    assert commit["What"] == "Depth 6"
    assert commit["Reviewed"] in {"no", "unknown"}
    assert commit["Why"]
    assert any("+depth = 6" in each.value for each in app.code)


def test_two_dates_compare_what_was_live_on_each(open_app, workspace: Path):
    app = open_app(
        workspace, "releases", section="What changed", changed_by="Two dates", begin=DAY_OF_13, end=DAY_OF_12
    )
    assert "What changed from `13` to `12`" in said(app)


def test_a_date_on_which_nothing_was_live_asks_for_a_later_one(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What changed", changed_by="Two dates", begin="2026-01-01")
    assert "Nothing was declared live of `churn` in `prod`" in said(app)


def test_versions_of_the_url_are_the_ones_that_are_compared(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="What changed", before="13", after="12")
    assert "What changed from `13` to `12`" in said(app)


def test_where_nothing_served_yet_versions_are_asked_for(open_app, tmp_path: Path):
    app = open_app(releases_workspace.make(tmp_path / "w"), "releases", section="What changed")
    assert "Choose two versions" in said(app)


# The way back


def test_candidates_stand_with_when_they_served_and_what_that_rested_on(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="Rollback")
    (row,) = candidates(app)
    assert row == {
        "Version": "**12** :green-badge[gate passed]",
        "Served (UTC)": "2026-03-02 12:00 to 2026-03-03 12:00, by ana: `make deploy`",
        "Rested on": "its gate passed",
    }
    assert "No rollback of churn in prod was ever rehearsed" in said(app)
    assert "lean-mlops rollback churn --env prod --to 12" in [each.value for each in app.code]


def test_candidates_are_marked_that_are_dirty_or_were_rolled_back(open_app, workspace: Path):
    make_dirty(workspace, "13")
    write_event(workspace / "registry", a_deployment("12", day=4, gate=None, rollback_of="13"), at=on(4))
    (row,) = candidates(open_app(workspace, "releases", section="Rollback"))
    assert row["Version"] == "**13** :green-badge[gate passed] :orange-badge[dirty] :orange-badge[rolled back]"


def test_where_only_one_version_served_the_page_says_that_there_is_no_way_back(open_app, tmp_path: Path):
    app = open_app(releases_workspace.make(tmp_path / "w", *served("12")), "releases", section="Rollback")
    assert "No other version that served churn in prod is left to go back to" in said(app)
    assert "Run the pre-flight" not in [each.label for each in app.button]


def test_the_preflight_tells_its_checks_and_what_will_change(open_app, workspace: Path):
    app = run_preflight(open_app(workspace, "releases", section="Rollback"))
    assert "The hash of the artifact holds." in said(app)
    assert "What will change" in said(app)
    assert "depth 6 → 4" in said(app)


def test_a_version_whose_artifact_changed_can_be_drilled_but_not_gone_back_to(open_app, workspace: Path):
    (workspace / "registry/churn/12/model.pkl").write_bytes(b"another")
    app = run_preflight(open_app(workspace, "releases", section="Rollback"))
    assert "There is no going back to `12`" in said(app)
    assert [each.disabled for each in app.button if each.label == "Record the rollback"] == [True]
    click(app, "Record a drill")
    assert [event["outcome"] for event in trail_of(workspace) if event["kind"] == "drill"] == ["failed"]
    assert "drill: failed" in said(app)


def test_a_drill_is_recorded_and_its_preflight_stays(open_app, workspace: Path):
    app = click(run_preflight(open_app(workspace, "releases", section="Rollback")), "Record a drill")
    (drill,) = [event for event in trail_of(workspace) if event["kind"] == "drill"]
    assert (drill["from"], drill["to"], drill["outcome"]) == ("13", "12", "succeeded")
    assert "drill: rehearsed" in said(app)
    assert "The hash of the artifact holds." in said(app)


def test_a_drill_of_another_version_than_the_live_one_is_outdated(open_app, workspace: Path):
    write_event(workspace / "registry", a_drill("11", day=1.5, live="12"), at=on(1.5))
    assert "drill: outdated" in said(open_app(workspace, "releases", section="Rollback"))


def test_a_rollback_is_recorded_with_how_it_was_done(open_app, workspace: Path):
    app = click(run_preflight(open_app(workspace, "releases", section="Rollback")), "Record the rollback")
    app.text_input(key=keys.ROLLED_BACK_BY).set_value("make back")
    click(app, "Record it")
    event = [event for event in trail_of(workspace) if event["kind"] == "deployment"][-1]
    assert (event["version"], event["rollback_of"], event["how"]) == ("12", "13", "make back")
    assert "rolled churn in prod back from 13 to 12" in said(app)


def test_a_rollback_is_not_recorded_without_how_it_was_done(open_app, workspace: Path):
    before = trail_of(workspace)
    app = click(run_preflight(open_app(workspace, "releases", section="Rollback")), "Record the rollback")
    click(app, "Record it")
    assert trail_of(workspace) == before


def test_a_rollback_is_refused_where_something_else_went_live_meanwhile(open_app, workspace: Path):
    app = click(run_preflight(open_app(workspace, "releases", section="Rollback")), "Record the rollback")
    write_event(workspace / "registry", a_deployment("14", day=9), at=on(9))
    app.text_input(key=keys.ROLLED_BACK_BY).set_value("make back")
    click(app, "Record it")
    assert "14 is live in prod by now" in said(app)
    assert not [event for event in trail_of(workspace) if event.get("rollback_of")]


# The trail


def test_every_event_is_a_sentence_the_newest_first(open_app, workspace: Path):
    told = sentences(open_app(workspace, "releases", section="Trail"))
    assert len(told) == len(trail_of(workspace))
    assert told[0].startswith(":material/rocket_launch: ana deployed churn 13 to prod by “make deploy”.")
    times = [re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", each)[-1] for each in told]
    assert times == sorted(times, reverse=True)


def test_a_sentence_is_told_whole_however_long_it_is(open_app, workspace: Path):
    reason = "because " * 60 + "of the end"
    write_event(workspace / "registry", a_deployment("12", day=8, gate=None, reason=reason), at=on(8))
    assert f"{reason}”" in sentences(open_app(workspace, "releases", section="Trail"))[0]


def test_a_long_trail_has_pages_and_other_filters_begin_at_the_first(open_app, workspace: Path):
    for number in range(release_trail.EVENTS_A_PAGE):
        write_event(workspace / "registry", a_gate("12", day=5 + number), at=on(5 + number))
    app = open_app(workspace, "releases", section="Trail")
    assert len(sentences(app)) == release_trail.EVENTS_A_PAGE
    app.get("pagination")[0].set_value(2).run()
    assert len(sentences(app)) == len(trail_of(workspace)) - release_trail.EVENTS_A_PAGE
    app.text_input(key=keys.TRAIL_TEXT).set_value("churn").run()
    assert len(sentences(app)) == release_trail.EVENTS_A_PAGE
    assert f"{len(trail_of(workspace))} events" in said(app)


def test_the_trail_is_narrowed_by_kind_environment_and_words(open_app, workspace: Path):
    write_event(workspace / "registry", a_withdrawal("11", day=0.5), at=on(0.5))
    write_event(workspace / "registry", a_deployment("12", day=0.6, environment="dev"), at=on(0.6))
    app = open_app(workspace, "releases", section="Trail", trail_env="dev")
    assert "2 events" in said(app), "what concerns all is told too"
    assert "ana withdrew churn 11" in said(app)
    app = open_app(workspace, "releases", section="Trail", trail_kind="gate", trail_q="CHURN 13")
    assert [each.startswith(":material/rule: churn 13 passed") for each in sentences(app)] == [True]
    app = open_app(workspace, "releases", section="Trail", trail_q="no such word")
    assert "No event fits" in said(app)


def test_an_event_that_came_late_says_since_when_it_is_known(open_app, tmp_path: Path):
    workspace = releases_workspace.make(tmp_path / "w", a_gate("12", day=3))
    write_event(workspace / "registry", a_deployment("12", day=1), at=on(5))
    app = open_app(workspace, "releases", section="Trail")
    assert ":orange-badge[came late, known since 2026-03-06 12:00 UTC]" in sentences(app)[1]


def test_an_event_that_cannot_be_read_is_a_warning(open_app, workspace: Path):
    path = next((workspace / "registry/churn/trail").glob("*.json"))
    path.write_text("{")
    app = open_app(workspace, "releases", section="Trail")
    assert any(path.name in each.value.replace("\\", "") for each in app.warning)


def test_a_trail_without_events_says_what_leaves_one(open_app, tmp_path: Path):
    app = open_app(releases_workspace.make(tmp_path / "w"), "releases", section="Trail")
    assert "Nothing has happened yet" in said(app)


def test_the_json_file_has_the_sentence_and_since_when_it_is_known():
    known = KnownEvent(event=a_deployment("12", reason=HOSTILE), known_at=on(1), late=True)
    (event,) = json.loads(release_trail.to_json([known]))
    assert (event["version"], event["known_at"], event["late"]) == ("12", "2026-03-02T12:00:00.000Z", True)
    assert event["reason"] == HOSTILE


def test_the_timeline_has_a_bar_a_stay_and_a_row_an_environment(open_app, workspace: Path, clock: FrozenClock):
    clock.time = on(9)
    write_event(workspace / "registry", a_deployment("12", day=0.6, environment="test"), at=on(0.6))
    app = open_app(workspace, "releases", section="Trail", trail_view="Timeline")
    (bars,) = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert bars["text"] == ["12", "12", "13"]
    assert bars["y"] == ["churn in test", "churn in prod", "churn in prod"]
    colours = bars["marker"]["color"]
    assert colours[0] == colours[1] != colours[2]


def test_a_stay_of_minutes_is_wide_enough_to_be_seen_and_lies_in_front(open_app, tmp_path: Path, clock: FrozenClock):
    clock.time = on(30)
    deployed = (a_deployment("12", day=0), a_deployment("13", day=20), a_deployment("12", day=20.001))
    workspace = releases_workspace.make(tmp_path / "w", *deployed)
    app = open_app(workspace, "releases", section="Trail", trail_view="Timeline")
    (bars,) = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert bars["text"] == ["12", "12", ""]
    assert bars["x"][2] >= sum(bars["x"]) * release_timeline.NARROWEST * 0.99
    assert "2026-03-21 12:00 to 2026-03-21 12:01" in bars["hovertext"][2]
    assert "wider than they were" in said(app)
