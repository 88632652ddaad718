"""The fields of an item: what a form, a file or a command line may give."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.fields import FIELDS, NAMES, read_fields
from lean_core.errors import DebtRefused


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("title", "  The API\t", "The API"),
        ("owner", None, ""),
        ("instead", "a\r\nb\rc", "a\nb\nc"),
        ("risk", "Data Leak", "data leak"),
        ("risk", "", None),
        ("severity", None, None),
        ("status", "OPEN", "open"),
        ("blocks", "customer, Migration", ("migration", "customer")),
        ("blocks", ["compliance", "compliance"], ("compliance",)),
        ("blocks", None, ()),
        ("blocks", "", ()),
        ("ai_assisted", "Yes", True),
        ("ai_assisted", False, False),
        ("valuable_data", "", None),
        ("effort_days", "0.5", 0.5),
        ("effort_days", 3, 3.0),
        ("effort_days", "", None),
        ("created", dt.datetime(2026, 1, 2, 3), dt.date(2026, 1, 2)),
        ("accepted_until", "2027-01-01", dt.date(2027, 1, 1)),
        ("accepted_until", None, None),
    ],
)
def test_a_value_is_read(field, given, value):
    read = read_fields({field: given}, where="x")[field]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("severity", "urgent", "D-1: severity must be high, medium or low"),
        ("status", "", "D-1: status must be open, planned, accepted, repaid or dropped"),
        ("risk", 3, "D-1: risk must be security, data leak, correctness, compliance, lock-in, cost or maintainability"),
        ("blocks", "launch", "D-1: blocks must be a list of migration, customer or compliance"),
        ("blocks", 3, "D-1: blocks must be a list of migration, customer or compliance"),
        ("ai_assisted", "maybe", "D-1: ai_assisted must be yes or no, or left open"),
        ("effort_days", "a week", "D-1: effort_days must be a number of days, such as 0.5 or 3"),
        ("effort_days", float("nan"), "D-1: effort_days must be a number of days, such as 0.5 or 3"),
        ("effort_days", True, "D-1: effort_days must be a number of days, such as 0.5 or 3"),
        ("created", None, "D-1: created must be a date such as 2026-11-23"),
        ("accepted_until", "soon", "D-1: accepted_until must be a date such as 2026-11-23"),
        ("title", 7, "D-1: title must be a text"),
    ],
)
def test_a_wrong_value_is_told_what_is_allowed(field, given, said):
    with pytest.raises(DebtRefused) as refused:
        read_fields({field: given}, where="D-1")
    assert str(refused.value) == said


def test_all_mistakes_are_told_at_once():
    with pytest.raises(DebtRefused, match=r"^D-1: severity must .*; created must "):
        read_fields({"severity": "urgent", "created": "then"}, where="D-1")


@pytest.mark.parametrize("name", ["revision", "id", "updated_by", "prio"])
def test_what_the_log_keeps_itself_and_what_there_is_not_is_no_field(name):
    with pytest.raises(DebtRefused, match="no fields; there are: title, instead, area"):
        read_fields({name: "x"}, where="D-1")


def test_each_field_has_a_name_for_sentences():
    assert list(NAMES) == list(FIELDS)
