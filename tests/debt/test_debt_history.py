"""The history of an item as sentences, and the way back from each change."""

from __future__ import annotations

import pytest

from lean_core.debt import Edit
from lean_core.errors import DebtRefused
from tests.debt.builders import a_log, some_fields

ACCEPTED = {"status": "accepted", "reason": "few users", "accepted_until": "2027-01-01"}


@pytest.fixture
def log(tmp_path, clock):
    bench = a_log(tmp_path / "workspace")
    bench.add_debt(some_fields(), actor="ana")
    return bench


def edit(log, actor="ben", **changes):
    seen = log.debt_item("D-1").revision
    return log.edit_debt([Edit(id="D-1", seen=seen, changes=changes)], actor=actor)


def newest(log):
    return log.debt_history("D-1")[0]


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        ({}, {"severity": "high"}, "ben changed the severity from medium to high"),
        ({}, {"area": "serving"}, "ben set the area to serving"),
        ({}, {"owner": ""}, "ben removed the owner"),
        ({}, {"title": "No TLS yet"}, "ben changed the title from “The API has no TLS” to “No TLS yet”"),
        ({}, {"effort_days": 1}, "ben set the effort to 1 day"),
        ({"effort_days": 1}, {"effort_days": 2.5}, "ben changed the effort from 1 day to 2.5 days"),
        ({}, {"blocks": ["customer", "migration"]}, "ben set the list of what it blocks to migration and customer"),
        ({}, {"ai_assisted": True}, "ben said yes to AI-assisted"),
        ({"ai_assisted": True}, {"ai_assisted": None}, "ben said nothing of AI-assisted"),
        ({}, {"valuable_data": "no"}, "ben said no to valuable data"),
        ({}, {"instead": "word " * 30}, "ben wrote the note of what was done instead"),
        ({"instead": "word " * 30}, {"instead": "short"}, "ben rewrote the note of what was done instead"),
        ({}, {"created": "2026-01-01"}, "ben changed the day of its creation from 2026-11-23 to 2026-01-01"),
        ({}, ACCEPTED, "ben changed the status from open to accepted until 2027-01-01 (few users)"),
        (ACCEPTED, {"status": "open"}, "ben changed the status from accepted to open"),
        (ACCEPTED, {"reason": "one user"}, "ben changed the reason from “few users” to “one user”"),
        (
            {},
            {"status": "repaid", "reason": "a proxy", "severity": "low"},
            "ben changed the status from open to repaid (a proxy) and changed the severity from medium to low",
        ),
    ],
)
def test_a_change_is_a_sentence(log, first, then, sentence):
    if first:
        edit(log, "ana", **first)
    edit(log, **then)
    assert newest(log).sentence == sentence


def test_the_history_goes_back_to_who_logged_it(log, clock):
    begin = clock.time
    clock.advance(days=1)
    edit(log, severity="high")
    change, creation = log.debt_history("d-1")
    assert creation.sentence == "ana logged “The API has no TLS”"
    assert (creation.at, creation.by, change.at, change.by) == (begin, "ana", clock.time, "ben")
    assert creation.fields["severity"] == (None, "medium")
    assert "area" not in creation.fields
    assert change.fields == {"severity": ("medium", "high")}
    assert change.entry > creation.entry


def test_there_is_no_history_of_what_is_not_there(log):
    assert log.debt_history("D-9") == []


def test_a_change_is_taken_back_by_a_change(log, clock):
    edit(log, severity="high", owner="cy")
    taken = newest(log).entry
    clock.advance(hours=1)
    edit(log, "cy", area="serving")
    (saved,) = log.revert_debt("D-1", taken, actor="dee").saved
    assert (saved.severity, saved.owner, saved.area, saved.revision) == ("medium", "ana", "serving", 4)
    assert newest(log).sentence == (
        "dee took back a change by ben of 2026-11-23 12:00 UTC: changed the owner from cy to ana and changed the"
        " severity from high to medium"
    )


def test_taking_back_can_be_taken_back(log):
    edit(log, severity="high")
    log.revert_debt("D-1", newest(log).entry, actor="ana")
    log.revert_debt("D-1", newest(log).entry, actor="ben")
    assert log.debt_item("D-1").severity == "high"


def test_what_was_changed_again_since_is_a_conflict(log):
    edit(log, severity="high", owner="cy")
    taken = newest(log).entry
    edit(log, "cy", severity="low")
    outcome = log.revert_debt("D-1", taken, actor="dee")
    (conflict,) = outcome.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs, conflict.by) == ("severity", "medium", "low", "cy")
    assert log.debt_item("D-1").owner == "cy"


def test_what_is_as_before_already_is_no_change(log):
    edit(log, severity="high")
    taken = newest(log).entry
    edit(log, severity="medium")
    outcome = log.revert_debt("D-1", taken, actor="dee")
    assert (outcome.saved, outcome.conflicts) == ((), ())


def test_a_creation_that_is_taken_back_is_dropped_not_deleted(log):
    edit(log, severity="high")
    creation = log.debt_history("D-1")[-1].entry
    (saved,) = log.revert_debt("D-1", creation, actor="ben").saved
    assert (saved.status, saved.reason, saved.severity) == ("dropped", "creation reverted", "high")
    assert newest(log).sentence == (
        "ben took back the creation by ana of 2026-11-23 12:00 UTC: changed the status from open to dropped (creation"
        " reverted)"
    )
    log.revert_debt("D-1", newest(log).entry, actor="ana")
    assert (log.debt_item("D-1").status, log.debt_item("D-1").reason) == ("open", "")


def test_an_acceptance_comes_back_even_when_its_day_is_over(log, clock):
    edit(log, **ACCEPTED)
    edit(log, status="repaid", reason="by mistake")
    clock.advance(days=90)
    (saved,) = log.revert_debt("D-1", newest(log).entry, actor="ana").saved
    assert (saved.status, saved.reason, f"{saved.accepted_until}") == ("accepted", "few users", "2027-01-01")


def test_what_would_break_a_rule_can_not_be_taken_back(log):
    edit(log, reviewer="cy")
    taken = newest(log).entry
    edit(log, risk="security", **ACCEPTED)
    with pytest.raises(DebtRefused, match="A security hole can't be accepted without a reviewer"):
        log.revert_debt("D-1", taken, actor="ana")


def test_a_change_of_another_item_is_refused(log):
    log.add_debt(some_fields(), actor="ana")
    other = log.debt_history("D-2")[0].entry
    with pytest.raises(DebtRefused, match=f"^D-1 has no change {other}: its history shows those that there are"):
        log.revert_debt("D-1", other, actor="ana")
