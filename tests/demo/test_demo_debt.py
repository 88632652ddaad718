"""The demo's debt log, as a person reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.debt import BLOCKED, Item, find_gaps, replay
from lean_core.debt.edit import history_of
from lean_core.demo.debt import Added, tell_debt
from lean_core.workbench import Workbench

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture(scope="module")
def workbench(workspace: Path) -> Workbench:
    return Workbench.open(workspace)


@pytest.fixture(scope="module")
def items(workbench: Workbench) -> dict[str, Item]:
    return {item.id: item for item in workbench.debt_items()}


def gaps(item: Item) -> list[str]:
    return [problem.field for problem in find_gaps(item, today=TODAY)]


def test_eight_shortcuts_are_logged_in_the_order_in_which_they_are_told(items: dict[str, Item]):
    told = [entry.fields["title"] for entry in tell_debt(TODAY) if isinstance(entry, Added)]

    assert [items[f"D-{number}"].title for number in range(1, 9)] == told
    assert len(items) == len(told)


def test_each_thing_that_can_be_blocked_is_and_what_blocks_it_most_lacks_nothing(items: dict[str, Item]):
    for blocked in BLOCKED:
        first = next(item for item in items.values() if blocked in item.blocks)  # they come sorted
        assert gaps(first) == []


def test_the_data_leak_comes_first_and_somebody_senior_looked_at_it(items: dict[str, Item]):
    first = next(iter(items.values()))
    assert (first.id, first.risk, first.severity, first.valuable_data) == ("D-1", "data leak", "high", True)
    assert first.reviewer == "dora"


def test_what_is_missing_is_missing_on_purpose(items: dict[str, Item]):
    lacking = {item.id: gaps(item) for item in items.values() if gaps(item)}
    assert lacking == {"D-4": ["owner", "severity", "trigger"], "D-7": ["reviewer"]}
    assert items["D-7"].ai_assisted
    assert items["D-7"].watch


def test_one_is_accepted_until_a_day_by_a_reviewer_and_one_is_repaid(items: dict[str, Item]):
    accepted, repaid = items["D-6"], items["D-3"]
    assert (accepted.status, accepted.reviewer) == ("accepted", "dora")
    assert accepted.accepted_until
    assert accepted.accepted_until > TODAY
    assert repaid.status == "repaid"
    assert accepted.reason
    assert repaid.reason


def test_everything_was_written_on_a_past_day_by_somebody_and_the_journal_agrees(
    workbench: Workbench, items: dict[str, Item]
):
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with workbench.store.read() as cursor:
        for item in items.values():
            entries = history_of(cursor, item)
            assert all(now - dt.timedelta(days=10) < entry.changed_at < now for entry in entries)
            assert {entry.actor for entry in entries} <= {"ana", "ben", "dora"}
            assert entries[-1].changed_at.date() >= item.created
            assert replay(entries) == item


def test_the_history_tells_who_found_the_leak_worse(workbench: Workbench):
    newest, first = workbench.debt_history("D-1")
    assert (first.by, newest.by) == ("ana", "dora")
    assert "the severity from medium to high" in newest.sentence


def test_the_journal_is_in_the_order_of_its_times(workbench: Workbench):
    with workbench.store.read() as cursor:
        times = [at for (at,) in cursor.execute("select changed_at from journal order by entry").fetchall()]
    assert times == sorted(times)


def test_the_log_was_reviewed_when_all_was_in_it(workbench: Workbench, items: dict[str, Item]):
    review = workbench.debt_review()
    assert review
    assert review.open_items == sum(not item.ended for item in items.values())
    assert all(review.reviewed_at > item.updated_at for item in items.values())
