"""The rules of the log: what is refused, and what is only shown as missing."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt import check_item, find_gaps, sort_items
from tests.debt.builders import an_item

TODAY = dt.date(2026, 11, 23)
ACCEPTED = {"status": "accepted", "reason": "few users", "accepted_until": dt.date(2027, 1, 1)}


def fields_of(problems):
    return [problem.field for problem in problems]


def test_a_whole_item_has_neither_problems_nor_gaps():
    assert check_item(an_item(), today=TODAY) == ()
    assert find_gaps(an_item(), today=TODAY) == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "two\u2028lines"}, "title"),
        ({"owner": "ana\nben"}, "owner"),
        ({"instead": "bell \x07"}, "instead"),
        ({"consequence": "half a pair \ud800"}, "consequence"),
        ({"instead": "x" * 10_001}, "instead"),
        ({"effort_days": -0.5}, "effort_days"),
        ({"location": "javascript:alert(1)"}, "location"),
        ({"location": "ftp://host/file"}, "location"),
        ({"location": "https://"}, "location"),
        ({"decision": "https://ana@host/x"}, "decision"),
        ({"decision": "https://host/a b"}, "decision"),
        ({"trigger": "live_models >="}, "trigger"),
        ({"status": "repaid"}, "reason"),
        ({"status": "dropped"}, "reason"),
        ({**ACCEPTED, "reason": ""}, "reason"),
        ({**ACCEPTED, "accepted_until": None}, "accepted_until"),
        ({**ACCEPTED, "accepted_until": dt.date(2026, 11, 22)}, "accepted_until"),
        ({**ACCEPTED, "risk": "security"}, "reviewer"),
        ({**ACCEPTED, "risk": "data leak"}, "reviewer"),
    ],
)
def test_what_must_not_be_saved_names_its_field(wrong, field):
    problems = check_item(an_item(**wrong), today=TODAY)
    assert fields_of(problems) == [field]
    assert problems[0].sentence.endswith(".")


@pytest.mark.parametrize(
    "fine",
    [
        {"title": "x" * 200},
        {"title": "Modèle → naïve 😀 \u200d"},
        {"instead": "two\nlines\tand a tab"},
        {"effort_days": 0.0},
        {"location": "notebooks/My Notebook.ipynb"},
        {"location": "src/serve.py:12"},
        {"location": "C:\\work\\serve.py"},
        {"location": "https://github.com/acme/churn/blob/main/serve.py#L12"},
        {"decision": "docs/adr/0007-no-tls.md"},
        {"decision": "http://wiki:8080/d?id=7"},
        {"trigger": ""},
        ACCEPTED,
        {**ACCEPTED, "accepted_until": TODAY},
        {**ACCEPTED, "risk": "security", "reviewer": "cy"},
        {"status": "planned"},
        {"severity": "high"},
        {"valuable_data": True},
    ],
)
def test_what_may_be_saved(fine):
    assert check_item(an_item(**fine), today=TODAY) == ()


def test_an_acceptance_that_has_ended_may_be_brought_in_and_is_shown():
    ended = an_item(**{**ACCEPTED, "accepted_until": dt.date(2026, 1, 1)})
    assert check_item(ended) == ()
    assert [gap.sentence for gap in find_gaps(ended, today=TODAY)] == [
        "It was accepted until 2026-01-01, which is over."
    ]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"owner": ""}, "Nobody owns it."),
        ({"severity": None}, "How bad it is was not said."),
        ({"risk": None}, "What kind of risk it is was not said."),
        ({"consequence": ""}, "What happens when it strikes was not said."),
        ({"trigger": ""}, "Nothing says when to repay it."),
        ({"severity": "high"}, "Nobody senior looked at it, and its severity is high."),
        ({"valuable_data": True}, "Nobody senior looked at it, and it holds valuable data."),
        ({"risk": "security"}, "Nobody senior looked at it, and it is a security hole."),
    ],
)
def test_what_is_missing_is_said(missing, sentence):
    assert [gap.sentence for gap in find_gaps(an_item(**missing))] == [sentence]


def test_a_note_for_a_person_to_watch_stands_in_for_a_trigger():
    assert find_gaps(an_item(trigger="", watch="when the second customer signs")) == ()


def test_what_is_over_lacks_nothing():
    assert find_gaps(an_item(status="repaid", reason="done", owner="", severity=None)) == ()


def test_what_hurts_most_comes_first():
    items = [
        an_item(id="D-1", status="dropped", risk="security"),
        an_item(id="D-10", severity="low"),
        an_item(id="D-9", severity="low"),
        an_item(id="D-3", severity=None),
        an_item(id="D-4", severity="high"),
        an_item(id="D-5", risk="data leak", severity="low"),
    ]
    assert [item.id for item in sort_items(items)] == ["D-5", "D-4", "D-3", "D-9", "D-10", "D-1"]
