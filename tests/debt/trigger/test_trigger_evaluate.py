"""What a trigger says on known facts, and in which words."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.item import Item
from lean_core.debt.trigger import add_item_facts, evaluate
from tests.debt.trigger.known_facts import NOW, facts, read

VALUES = {
    "live_models": 3,
    "ratio": 0.25,
    "whole": 512.0,
    "owner": "ana",
    "paid": True,
    "ends": dt.date(2027, 1, 1),
    "seen": dt.datetime(2026, 11, 20, 23, 59),
    "nan": float("nan"),
    "infinite": float("inf"),
    'prod."my.model".age': 40,
}
UNKNOWN = {"days_left": "the invoice can't be read.", "p95": "Prometheus did not answer"}
PACKAGES = {"MLflow": "4.0rc1", "scikit_learn": "1.10.0", "broken": "new"}


def say(text: str) -> tuple[str, str]:
    reading = read(text, VALUES, unknown=UNKNOWN, packages=PACKAGES)
    return reading.state, reading.sentence


@pytest.mark.parametrize(
    ("text", "state", "sentence"),
    [
        ("live_models >= 2", "fired", "live_models is 3, which is at least 2"),
        ("live_models > 3", "armed", "live_models is 3, which is at most 3"),
        ("live_models < 2", "armed", "live_models is 3, which is at least 2"),
        ("live_models <= 2", "armed", "live_models is 3, which is more than 2"),
        ("live_models = 3", "fired", "live_models is 3"),
        ("live_models = 2", "armed", "live_models is 3, not 2"),
        ("live_models != 2", "fired", "live_models is 3, not 2"),
        ("live_models != 3", "armed", "live_models is 3"),
        ("2 <= live_models", "fired", "live_models is 3, which is at least 2"),
        ("ratio < 0.5", "fired", "ratio is 0.25, which is less than 0.5"),
        ("whole > 500", "fired", "whole is 512, which is more than 500"),
        ("infinite > 500", "fired", "infinite is inf, which is more than 500"),
        ("live_models > ratio", "fired", "live_models is 3, which is more than ratio (0.25)"),
        ("live_models = live_models", "fired", "live_models is 3, as live_models is"),
        ("live_models != ratio", "fired", "live_models is 3, not ratio (0.25)"),
        ('owner = "ana"', "fired", 'owner is "ana"'),
        ('owner = "bo"', "armed", 'owner is "ana", not "bo"'),
        ("paid = true", "fired", "paid is true"),
        ("paid = false", "armed", "paid is true, not false"),
        ("date >= 2026-11-23", "fired", "today is 2026-11-23, which is on or after 2026-11-23"),
        ("date >= 2027-01-01", "armed", "today is 2026-11-23, which is before 2027-01-01"),
        ("date > 2026-11-23", "armed", "today is 2026-11-23, which is on or before 2026-11-23"),
        ("ends > date", "fired", "ends is 2027-01-01, which is after today (2026-11-23)"),
        ("seen = 2026-11-20", "fired", "seen is 2026-11-20"),
        ('prod."my.model".age > 30', "fired", 'prod."my.model".age is 40, which is more than 30'),
        ('dep("mlflow") >= "4"', "armed", "the version of mlflow is 4.0rc1, which is older than 4"),
        ('dep("scikit-learn") > "1.9"', "fired", "the version of scikit-learn is 1.10.0, which is newer than 1.9"),
        ('dep("scikit-learn") = "1.10"', "fired", "the version of scikit-learn is 1.10.0"),
    ],
)
def test_a_comparison_fires_or_not_and_says_the_values(text: str, state: str, sentence: str):
    assert say(text) == (state, sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("days_left < 60", "days_left is not known: the invoice can't be read"),
        ("not days_left < 60", "days_left is not known: the invoice can't be read"),
        (
            "days_left < p95",
            "days_left is not known: the invoice can't be read; p95 is not known: Prometheus did not answer",
        ),
        ("nan > 1", "nan is not a number (NaN)"),
        ("not nan > 1", "nan is not a number (NaN)"),
        ("nan != 1", "nan is not a number (NaN)"),
        ("owner > live_models", 'owner is "ana" and live_models is 3: text can\'t be compared with a number'),
        ("owner < owner", 'owner is "ana" and owner is "ana": text has no order: only = and != compare it'),
        ("paid = 1", "paid is true: true or false can't be compared with a number"),
        ("ends > 5", "ends is 2027-01-01: a date can't be compared with a number"),
        ("live_modles > 1", "live_modles is not known: there is no such fact; did you mean live_models?"),
        (
            'dep("numpy") > "2"',
            "the version of numpy is not known: it is not among the packages that the product depends on",
        ),
        ('dep("broken") > "2"', 'the version of broken is "new", which can\'t be read as a version'),
        ('dep("mlflow") > owner', 'owner is "ana", which can\'t be read as a version'),
        (
            'dep("mlflow") > live_models',
            "the version of mlflow is 4.0rc1 and live_models is 3: a version can't be compared with a number",
        ),
        ("live_models", "trigger, column 12: nothing is asked of 'live_models'; expected one of = != < <= > >="),
    ],
)
def test_what_can_not_be_told_is_neither_armed_nor_fired_and_says_why(text: str, sentence: str):
    assert say(text) == ("cannot evaluate", sentence)


def test_without_packages_a_version_is_unknown_for_the_reason_given():
    reading = read('dep("mlflow") > "4"', packages="no lock file was found")
    assert reading.sentence == "the version of mlflow is not known: no lock file was found"


@pytest.mark.parametrize(
    ("text", "state", "sentence"),
    [
        (
            "live_models >= 2 and ratio < 1",
            "fired",
            "live_models is 3, which is at least 2; ratio is 0.25, which is less than 1",
        ),
        ("live_models >= 2 and ratio > 1", "armed", "ratio is 0.25, which is at most 1"),
        ("live_models >= 2 or ratio > 1", "fired", "live_models is 3, which is at least 2"),
        (
            "live_models > 9 or ratio > 1",
            "armed",
            "live_models is 3, which is at most 9; ratio is 0.25, which is at most 1",
        ),
        ("not (live_models > 9)", "fired", "live_models is 3, which is at most 9"),
        ("p95 > 1 or live_models > 2", "fired", "live_models is 3, which is more than 2"),
        ("p95 > 1 and live_models > 9", "armed", "live_models is 3, which is at most 9"),
        ("p95 > 1 and live_models > 2", "cannot evaluate", "p95 is not known: Prometheus did not answer"),
        ("p95 > 1 or live_models > 9", "cannot evaluate", "p95 is not known: Prometheus did not answer"),
        ("p95 > 1 and p95 < 9", "cannot evaluate", "p95 is not known: Prometheus did not answer"),
    ],
)
def test_joined_comparisons_say_what_decides(text: str, state: str, sentence: str):
    assert say(text) == (state, sentence)


def test_a_reading_carries_every_fact_that_it_asks_for_once():
    reading = read('live_models > 1 or p95 > 2 or live_models > 3 or date > 2027-01-01 or dep("MLflow") > "5"',
                   VALUES, unknown=UNKNOWN, packages=PACKAGES)  # fmt: skip
    used = {known.name: (known.value, known.unknown) for known in reading.used}
    assert used == {
        "live_models": (3, ""),
        "p95": (None, "Prometheus did not answer"),
        "date": (dt.date(2026, 11, 23), ""),
        'dep("mlflow")': ("4.0rc1", ""),
    }


def an_item(**fields: object) -> Item:
    plain = {"id": "D-1", "title": "no tests", "created": NOW.date(), "updated_at": NOW, "updated_by": "ana"}
    return Item(**(plain | fields))  # type: ignore[arg-type]


def test_the_age_of_an_item_is_a_fact_of_its_own():
    old = add_item_facts(facts(), an_item(created=dt.date(2026, 8, 1)))
    assert evaluate("debt.age_days > 90", old).sentence == "debt.age_days is 114, which is more than 90"
    assert evaluate("debt.age_days > 90", old).used[0].source == "debt:D-1"


def test_the_age_of_an_item_is_remembered_since_it_was_made():
    made = add_item_facts(facts(), an_item(created=dt.date(2026, 11, 19)))
    assert evaluate("debt.age_days >= 1 for 3d", made).state == "fired"
    assert evaluate("debt.age_days >= 2 for 3d", made).state == "armed"
    assert evaluate("debt.age_days >= 0 for 5d", made).state == "cannot evaluate"


def test_before_there_is_an_item_its_age_is_not_known():
    reading = evaluate("debt.age_days > 90", add_item_facts(facts(), None))
    assert reading.sentence == "debt.age_days is not known: there is no item yet"


def test_other_facts_keep_their_history_beside_the_age():
    past = {"a": [(NOW - dt.timedelta(days=9), 2)]}
    assert evaluate("a > 1 for 3d", add_item_facts(facts({"a": 2}, history=past), an_item())).state == "fired"
