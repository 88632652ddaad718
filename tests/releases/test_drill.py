from __future__ import annotations

import datetime as dt

from lean_core.releases import Preflight, PreflightCheck, Rehearsal, find_drill, make_drill
from tests.releases.builders import a_drill, a_trail, on


def rehearsed(*verdicts: str):
    checks = tuple(
        PreflightCheck(name="artifact", verdict=verdict, sentence=f"It is {verdict}.")  # type: ignore[arg-type]
        for verdict in verdicts
    )
    preflight = Preflight(version="12", checks=checks)
    rehearsal = Rehearsal(environment="prod", live="13", preflight=preflight, at=on(1), seconds=1.23456)
    return make_drill("churn", rehearsal, actor="ana")


def test_a_drill_records_from_where_to_where_and_how_long_it_took():
    drill = rehearsed("pass", "pass")
    assert (drill.from_version, drill.to_version, drill.version, drill.outcome) == ("13", "12", "12", "succeeded")
    assert (drill.at, drill.seconds, drill.reason) == (on(1), 1.235, None)


def test_what_is_not_known_is_no_success():
    assert (rehearsed("pass", "unknown").outcome, rehearsed("unknown").reason) == ("failed", "It is unknown.")


def test_the_newest_drill_is_evidence_with_an_age():
    trail = a_trail(a_drill(day=0), a_drill(day=3), a_drill(day=4, environment="test"))
    found = find_drill(trail, "prod", live="13", now=on(10))
    assert (found.state, found.age) == ("rehearsed", dt.timedelta(days=7))
    assert found.sentence == "A rollback was rehearsed 7 days ago, from 13 to 12, in 1.5 s."


def test_a_drill_from_another_version_than_the_live_one_is_outdated():
    found = find_drill(a_trail(a_drill(live="13")), "prod", live="14", now=on(0.1))
    assert (found.state, found.sentence) == (
        "outdated",
        "A rollback was rehearsed 2 hours ago, from 13 to 12, and 14 is live now.",
    )


def test_a_failed_drill_says_why_and_no_drill_says_so():
    failed = a_drill(outcome="failed", reason="The artifact is gone.")
    assert (
        "would not have worked: The artifact is gone."
        in find_drill(a_trail(failed), "prod", live="13", now=on(1)).sentence
    )
    assert find_drill(a_trail(), "prod", live="13", now=on(1)).state == "never"
