"""Bringing items in from a file, and taking the log out as one."""

from __future__ import annotations

import pytest

from lean_core.debt import Edit
from lean_core.debt.exchange import guess_mapping, plan_import
from lean_core.errors import DebtRefused
from tests.debt.builders import a_log, some_fields

CSV = "ID,Title,Severity,Owner\nTD-7,No TLS,high,ana\n,No tests,low,\n"


@pytest.fixture
def log(tmp_path, clock):
    return a_log(tmp_path / "workspace")


def plan_of(log, name, text):
    table = log.read_debt_file(name, text)
    return plan_import(table, guess_mapping(table), log.debt_items())


def test_new_items_come_in_with_the_ids_that_they_have(log):
    report = log.import_debt(plan_of(log, "debt.csv", CSV), actor="ana")
    assert [(item.id, item.title) for item in report.added] == [("TD-7", "No TLS"), ("D-1", "No tests")]
    assert (report.changed, report.conflicts) == ((), ())
    assert len(log.debt_items()) == 2


def test_a_second_import_of_the_same_file_changes_nothing(log):
    log.import_debt(plan_of(log, "debt.csv", CSV), actor="ana")
    before = log.debt_items()
    report = log.import_debt(plan_of(log, "debt.csv", CSV), actor="ben")
    assert (report.added, report.changed, log.debt_items()) == ((), (), before)


def test_an_id_that_was_taken_meanwhile_stops_the_import(log):
    plan = plan_of(log, "debt.csv", CSV)
    log.import_debt(plan, actor="ana")
    with pytest.raises(DebtRefused, match=r"^TD-7 is in the debt log already: change it, or choose another id"):
        log.import_debt(plan, actor="ben")
    assert len(log.debt_items()) == 2


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_the_log_goes_out_and_comes_in_elsewhere_as_it_was(log, tmp_path, form, clock):
    log.add_debt(some_fields(instead="two\nlines | and a pipe", blocks=["customer"], effort_days=0.5), actor="ana")
    fields = some_fields(status="accepted", reason="few users", accepted_until="2027-01-01")
    log.add_debt(fields, actor="ana")
    clock.advance(days=90)  # the acceptance has ended, and comes in all the same
    other = a_log(tmp_path / "other")
    other.import_debt(plan_of(other, f"debt.{form}", log.export_debt(form)), actor="ana")
    there, here = ({item.id: item for item in each.debt_items()} for each in (other, log))
    assert there.keys() == here.keys()
    assert [there[name].instead for name in sorted(there)] == [here[name].instead for name in sorted(here)]
    assert there["D-2"].accepted_until == here["D-2"].accepted_until


def test_an_edited_file_changes_what_its_writer_changed_and_no_more(log):
    log.add_debt(some_fields(), actor="ana")
    text = log.export_debt("csv").replace("medium", "high")
    log.edit_debt([Edit(id="D-1", seen=1, changes={"owner": "ben"})], actor="ben")
    report = log.import_debt(plan_of(log, "debt.csv", text), actor="cy")
    assert [(item.severity, item.owner) for item in report.changed] == [("high", "ben")]


def test_a_file_that_differs_from_what_somebody_changed_meanwhile_is_a_conflict_and_nothing_comes_in(log):
    log.add_debt(some_fields(), actor="ana")
    text = log.export_debt("csv").replace("medium", "high")
    log.edit_debt([Edit(id="D-1", seen=1, changes={"severity": "low"})], actor="ben")
    report = log.import_debt(plan_of(log, "debt.csv", text), actor="cy")
    assert [(each.field, each.mine, each.theirs) for each in report.conflicts] == [("severity", "high", "low")]
    assert (report.added, report.changed, log.debt_item("D-1").revision) == ((), (), 2)
