from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from lean_core.objects import LocalObjects
from lean_core.registry import event_key, read_trail, render_event
from lean_core.registry.index import indexed_trail, refresh_index
from lean_core.releases import KnownEvent, as_known_at, fold_environment, know, order_trail
from lean_core.releases.trail import PROMPT
from lean_core.store import Store
from tests.releases.builders import a_deployment, on


def late_versions(*known: KnownEvent) -> list[str]:
    return [each.event.version for each in order_trail("churn", known).events if each.late]


def at_once(version: str, day: float) -> KnownEvent:
    event = a_deployment(version, day=day)
    return KnownEvent(event=event, known_at=event.at + dt.timedelta(seconds=2))


def test_an_event_is_late_if_a_later_one_was_known_before_it():
    late = KnownEvent(event=a_deployment("12", day=1), known_at=on(5))
    assert late_versions(at_once("11", 0), late, at_once("13", 2)) == ["12"]


def test_an_event_that_came_days_after_is_not_late_if_nothing_happened_in_between():
    slow = KnownEvent(event=a_deployment("12", day=1), known_at=on(5))
    assert late_versions(at_once("11", 0), slow, at_once("13", 6)) == []


def test_clocks_that_differ_by_a_little_make_nothing_late():
    event = a_deployment("12", day=1)
    slow = KnownEvent(event=event, known_at=on(1.0001) + PROMPT)
    assert late_versions(slow, at_once("13", 1.0001)) == []


def test_a_copied_registry_whose_files_all_have_the_time_of_the_copy_makes_nothing_late():
    copied = [
        KnownEvent(event=a_deployment(str(number), day=number), known_at=on(100) + dt.timedelta(seconds=-number))
        for number in range(20)
    ]
    assert late_versions(*copied) == []
    assert late_versions(*copied, at_once("21", 101)) == []


def test_an_event_that_comes_late_into_a_copied_registry_is_late():
    copied = [KnownEvent(event=a_deployment(str(number), day=number), known_at=on(100)) for number in range(5)]
    late = KnownEvent(event=a_deployment("x", day=3.5), known_at=on(102))
    assert late_versions(*copied, at_once("9", 101), late) == ["x"]


def test_nothing_is_called_late_where_nothing_tells_when_it_came():
    unknown = KnownEvent(event=a_deployment("12", day=1))
    assert late_versions(unknown, at_once("13", 2)) == []


def test_a_trail_can_be_seen_as_it_was_before_a_late_event_came():
    late = KnownEvent(event=a_deployment("12", day=1), known_at=on(5))
    trail = order_trail("churn", [at_once("11", 0), late, at_once("13", 8), at_once("10", 0.5), at_once("9", 4)])
    seen = [known.event.version for known in as_known_at(trail, on(4.5)).events]
    assert seen == ["11", "10", "9"]


def test_the_registry_and_its_index_tell_since_when_events_are_known(tmp_path: Path):
    root = tmp_path / "registry"
    event = a_deployment("12", day=1)
    path = root / event_key("churn", event.id)
    path.parent.mkdir(parents=True)
    path.write_bytes(render_event(event))
    stamp = on(5).replace(tzinfo=dt.UTC).timestamp()
    os.utime(path, (stamp, stamp))
    objects, store = LocalObjects(root), Store(tmp_path / "lean.duckdb")
    refresh_index(store, objects, tell=lambda _: None)
    with store.read() as cursor:
        from_index = know("churn", indexed_trail(cursor, "churn"))
    assert know("churn", read_trail(objects, "churn")).events == (KnownEvent(event=event, known_at=on(5)),)
    assert from_index.events == (KnownEvent(event=event, known_at=on(5)),)


def test_the_state_marks_a_live_version_that_rests_on_a_late_event():
    late = KnownEvent(event=a_deployment("12", day=1), known_at=on(5))
    failed = KnownEvent(event=a_deployment("13", day=2, outcome="failed"), known_at=on(2))
    live = fold_environment(order_trail("churn", [late, failed]), "prod").live
    assert live is not None
    assert live.late
