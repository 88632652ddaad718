"""Whatever people do to the log: the journal tells all of it, and merging loses nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lean_core.debt import (
    BLOCKED,
    RISKS,
    SEVERITIES,
    STATUSES,
    Edit,
    Outcome,
    add_item,
    all_items,
    change_items,
    item_of,
    replay,
    revert,
    tell_history,
)
from lean_core.debt.fields import FIELDS
from lean_core.errors import DebtRefused
from lean_core.store import entries
from tests.debt.builders import a_cursor

WORDS = st.sampled_from(["", "ana", "two\nlines", "“quoted”", "naïve 🔥", "x" * 90])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1)) | st.none()
VALUES = {
    **dict.fromkeys(("instead", "owner", "control", "watch", "reviewer", "reason"), WORDS),
    "title": st.sampled_from(["No TLS", "No tests", ""]),
    "risk": st.sampled_from([*RISKS, None]),
    "severity": st.sampled_from([*SEVERITIES, None]),
    "blocks": st.sets(st.sampled_from(BLOCKED)),
    "ai_assisted": st.booleans() | st.none(),
    "effort_days": st.none() | st.floats(-1, 100) | st.integers(0, 9),
    "created": st.dates(dt.date(2020, 1, 1), dt.date(2026, 11, 1)),
    "status": st.sampled_from(STATUSES),
    "accepted_until": DAYS,
}
CHANGES = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)
ACTORS = st.sampled_from(["ana", "ben", "cy"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), ACTORS, CHANGES.map(lambda changes: {"title": "No TLS", **changes})),
        st.tuples(st.just("edit"), ACTORS, st.integers(0, 9), st.integers(0, 3), CHANGES),
        st.tuples(st.just("revert"), ACTORS, st.integers(0, 9), st.integers(0, 9)),
    ),
    min_size=2,
    max_size=14,
)
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def connection():
    with a_cursor() as cursor:
        yield cursor


@pytest.fixture
def cursor(connection, clock):
    return connection


class Rollback:
    """All of an example happens in a transaction of its own, which leaves nothing behind."""

    def __init__(self, cursor):
        self.cursor = cursor

    def __enter__(self):
        self.cursor.begin()

    def __exit__(self, *_):
        self.cursor.rollback()


def journal_of(cursor, item):
    return entries(cursor, noun="debt", subject=item.id)


def take(cursor, step):
    """Do what a step says; return what it promised to have saved."""
    kind, actor, *rest = step
    items = all_items(cursor)
    if kind == "add":
        return [add_item(cursor, rest[0], actor=actor)]
    if not items:
        return []
    item = items[rest[0] % len(items)]
    if kind == "edit":
        seen = max(1, item.revision - rest[1])
        outcome = change_items(cursor, [Edit(id=item.id, seen=seen, changes=rest[2])], actor=actor)
    else:
        journal = journal_of(cursor, item)
        outcome = revert(cursor, item.id, journal[rest[1] % len(journal)].entry, actor=actor)
    assert not (outcome.saved and outcome.conflicts)
    return outcome.saved


@MANY
@given(steps=STEPS)
def test_the_journal_replayed_is_the_log(cursor, steps):
    with Rollback(cursor):
        for step in steps:
            before = {item.id: item for item in all_items(cursor)}
            try:
                saved = take(cursor, step)
            except DebtRefused:
                saved = []
            now = {item.id: item for item in all_items(cursor)}
            assert now == before | {item.id: item for item in saved}
        for item in all_items(cursor):
            journal = journal_of(cursor, item)
            assert replay(journal) == item
            assert [change.entry for change in tell_history(journal)] == [entry.entry for entry in journal]
            for at, entry in enumerate(reversed(journal), start=1):
                assert entry.after["revision"] == at
                assert replay(journal[len(journal) - at :]).revision == at


@MANY
@given(first=CHANGES, second=CHANGES)
def test_two_changes_of_one_revision_both_stay_or_the_second_is_told(cursor, first, second):
    with Rollback(cursor):
        item = add_item(cursor, {"title": "No TLS"}, actor="ana")
        try:
            mine = change_items(cursor, [Edit(id=item.id, seen=1, changes=first)], actor="ben")
            between = item_of(cursor, item.id)
            theirs = change_items(cursor, [Edit(id=item.id, seen=1, changes=second)], actor="cy")
        except DebtRefused:
            return
        after = item_of(cursor, item.id)
        assert mine.conflicts == ()
        if theirs.conflicts:
            assert after == between
            assert theirs == Outcome(conflicts=theirs.conflicts)
            for conflict in theirs.conflicts:
                assert conflict.theirs == getattr(between, conflict.field) != conflict.mine
                assert (conflict.by, conflict.theirs == getattr(item, conflict.field)) == ("ben", False)
            return
        for name in FIELDS:
            values = {getattr(state, name) for state in (item, between, after)}
            assert len(values) < 3
            if getattr(between, name) != getattr(item, name):
                assert getattr(after, name) == getattr(between, name)


@MANY
@given(changes=CHANGES)
def test_a_change_taken_back_at_once_leaves_what_was(cursor, changes):
    with Rollback(cursor):
        item = add_item(cursor, {"title": "No TLS"}, actor="ana")
        try:
            saved = change_items(cursor, [Edit(id=item.id, seen=1, changes=changes)], actor="ben").saved
        except DebtRefused:
            return
        if saved:
            revert(cursor, item.id, journal_of(cursor, item)[0].entry, actor="cy")
        after = item_of(cursor, item.id)
        assert all(getattr(after, name) == getattr(item, name) for name in FIELDS)
