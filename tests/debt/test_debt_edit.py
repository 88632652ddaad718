"""Adding and changing items, one person at a time."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt import Edit
from lean_core.errors import DebtRefused
from lean_core.store import entries
from tests.debt.builders import a_log, some_fields


@pytest.fixture
def log(tmp_path, clock):
    return a_log(tmp_path / "workspace")


def change(log, item, **changes):
    (saved,) = log.edit_debt([Edit(id=item.id, seen=item.revision, changes=changes)], actor="ben").saved
    return saved


def journal_of(log, item):
    with log.store.read() as cursor:
        return entries(cursor, noun="debt", subject=item)


def test_an_item_says_what_was_typed_and_the_rest_is_unsaid(log, clock):
    item = log.add_debt({"title": " The API has no TLS ", "blocks": "customer", "effort_days": "2"}, actor="ana")
    assert log.debt_items() == [item]
    assert (item.id, item.title, item.blocks, item.effort_days) == ("D-1", "The API has no TLS", ("customer",), 2.0)
    assert (item.severity, item.owner, item.status, item.revision) == (None, "", "open", 1)
    assert (item.created, item.updated_at, item.updated_by) == (clock.time.date(), clock.time, "ana")


def test_ids_go_on_from_the_highest_number_also_of_what_is_over(log):
    first = log.add_debt(some_fields(), actor="ana")
    second = log.add_debt(some_fields(), actor="ana")
    change(log, second, status="dropped", reason="a double")
    assert (first.id, log.add_debt(some_fields(), actor="ana").id) == ("D-1", "D-3")


def test_an_item_is_found_whatever_the_case_of_its_id(log):
    item = log.add_debt(some_fields(), actor="ana")
    assert log.debt_item("d-1") == item
    assert log.debt_item("D-2") is None


def test_every_field_survives_the_file(log):
    fields = {
        "title": "TLS “off” → 🔥",
        "instead": "two\nlines",
        "area": "serving",
        "owner": "ana",
        "risk": "data leak",
        "severity": "high",
        "consequence": "customers leave",
        "blocks": ("migration", "compliance"),
        "trigger": "live_models >= 2",
        "watch": "the second customer",
        "control": "a VPN",
        "location": "src/serve.py:12",
        "decision": "https://wiki/d/7",
        "ai_assisted": True,
        "valuable_data": False,
        "reviewer": "cy",
        "effort_days": 0.1,
        "created": dt.date(2025, 2, 28),
        "status": "accepted",
        "reason": "few users",
        "accepted_until": dt.date(2027, 1, 1),
    }
    item = log.debt_item(log.add_debt(fields, actor="ana").id)
    assert {name: getattr(item, name) for name in fields} == fields


def test_a_change_counts_up_and_says_who_and_when(log, clock):
    item = log.add_debt(some_fields(), actor="ana")
    clock.advance(hours=1)
    changed = change(log, item, severity="high")
    assert (changed.severity, changed.revision, changed.updated_by, changed.updated_at) == (
        "high",
        2,
        "ben",
        clock.time,
    )
    assert log.debt_items() == [changed]


def test_a_change_is_in_the_journal_with_all_that_was_and_is(log):
    item = change(log, log.add_debt(some_fields(), actor="ana"), severity="high")
    newest, oldest = journal_of(log, item.id)
    assert oldest.before is None
    assert newest.before == oldest.after
    assert (newest.actor, newest.before["severity"], newest.after["severity"]) == ("ben", "medium", "high")
    assert newest.after["revision"] == 2


def test_what_changes_nothing_is_no_change(log):
    item = log.add_debt(some_fields(), actor="ana")
    edit = Edit(id="D-1", seen=1, changes={"severity": "medium", "title": " The API has no TLS"})
    outcome = log.edit_debt([edit], actor="ben")
    assert (outcome.saved, outcome.conflicts) == ((), ())
    assert log.debt_items() == [item]
    assert len(journal_of(log, "D-1")) == 1


def test_of_many_edits_all_are_saved_or_none(log):
    items = [log.add_debt(some_fields(), actor="ana") for _ in range(3)]
    fine = [Edit(id=item.id, seen=1, changes={"owner": "cy"}) for item in items[:2]]
    with pytest.raises(DebtRefused, match=r"^D-3: The title is empty"):
        log.edit_debt([*fine, Edit(id="D-3", seen=1, changes={"title": ""})], actor="ben")
    assert log.debt_items() == items
    assert [item.owner for item in log.edit_debt(fine, actor="ben").saved] == ["cy", "cy"]


def test_an_item_can_not_be_named_twice_in_one_change(log):
    log.add_debt(some_fields(), actor="ana")
    edits = [Edit(id=name, seen=1, changes={"owner": "cy"}) for name in ("D-1", "d-1")]
    with pytest.raises(DebtRefused, match="named twice"):
        log.edit_debt(edits, actor="ben")


def test_an_unknown_item_is_named(log):
    with pytest.raises(DebtRefused, match=r"^there is no item D-9 in the debt log: `lean-mlops debt list`"):
        log.edit_debt([Edit(id="D-9", seen=1, changes={})], actor="ben")


def test_a_revision_that_never_was_is_refused(log):
    log.add_debt(some_fields(), actor="ana")
    with pytest.raises(DebtRefused, match=r"^D-1 has no revision 7, its newest is 1"):
        log.edit_debt([Edit(id="D-1", seen=7, changes={"owner": "cy"})], actor="ben")


def test_a_refused_item_leaves_nothing_behind(log):
    with pytest.raises(DebtRefused, match=r"^a new debt item: The title is empty"):
        log.add_debt({}, actor="ana")
    assert log.debt_items() == []
    assert journal_of(log, "D-1") == []


def test_a_new_status_leaves_the_reason_of_the_old_one_behind(log):
    fields = some_fields(status="accepted", reason="few users", accepted_until="2027-01-01")
    item = log.add_debt(fields, actor="ana")
    opened = change(log, item, status="open")
    assert (opened.status, opened.reason, opened.accepted_until) == ("open", "", None)


def test_a_reason_for_the_old_status_is_none_for_the_new_one(log):
    item = log.add_debt(some_fields(status="dropped", reason="a double"), actor="ana")
    with pytest.raises(DebtRefused, match=r"^D-1: It is repaid, and the reason is empty: say why"):
        change(log, item, status="repaid")
    assert change(log, item, status="repaid", reason="a proxy does it").reason == "a proxy does it"


def test_an_acceptance_that_has_ended_does_not_stop_other_changes(log, clock):
    fields = some_fields(status="accepted", reason="few users", accepted_until="2027-01-01")
    item = log.add_debt(fields, actor="ana")
    clock.advance(days=90)
    assert change(log, item, owner="cy").owner == "cy"
    with pytest.raises(DebtRefused, match="can't be accepted until 2027-01-02: that day is over"):
        change(log, log.debt_item("D-1"), accepted_until="2027-01-02")
