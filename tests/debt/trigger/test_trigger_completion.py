"""What is offered while somebody types."""

from __future__ import annotations

import pytest

from lean_core.debt.trigger import Suggestion, complete

NAMES = {
    "live_models": "models in production",
    "credits.days_left": "days until the credits end",
    'prod."my.model".age': "days",
    "prod.churn.age": "days",
}
OPERATORS = [" >=", " >", " <=", " <", " =", " !="]


def offered(text: str, cursor: int | None = None) -> list[str]:
    return [suggestion.text for suggestion in complete(text, len(text) if cursor is None else cursor, NAMES)]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("", [*NAMES, "date", "debt.age_days", 'dep("', "not", "("]),
        ("live", ["live_models"]),
        ("LIVE", ["live_models"]),
        ("days", ["credits.days_left", "debt.age_days"]),
        ("d", ["date", "debt.age_days", 'dep("', *[n for n in NAMES if "d" in n]]),
        ("prod.", ['prod."my.model".age', "prod.churn.age"]),
        ('prod."my', ['prod."my.model".age']),
        ("not li", ["live_models"]),
        ("not ", [*NAMES, "date", "debt.age_days", 'dep("', "("]),
        ("live_models", OPERATORS),
        ("live_models ", [operator.strip() for operator in OPERATORS]),
        ("live_models >= cred", ["credits.days_left"]),
        ("live_models = t", ["true", "credits.days_left", "date", "debt.age_days"]),
        ("date >= ", []),
        ('dep("x") >= ', []),
        ("live_models >= 2", [" for 3d", " and", " or"]),
        ("(live_models >= 2 ", ["for 3d", "and", "or", ")"]),
        ("date >= 2027-01-01 ", ["and", "or"]),
        ('dep("x") >= "1" ', ["and", "or"]),
        ('"1" <= dep("x") ', ["and", "or"]),
        ("live_models >= 2 for ", ["1d", "3d", "1w", "12h"]),
        ("live_models >= 2 for 3", ["3d"]),
        ("live_models >= 2 and cr", ["credits.days_left"]),
        ('dep("ml', []),
        ("live_models = 'a", []),
        ("wrong wrong ", []),
    ],
)
def test_what_may_come_next_is_offered(text: str, texts: list[str]):
    assert offered(text) == texts


def test_a_name_is_offered_with_its_meaning_in_place_of_the_whole_word_at_the_cursor():
    text = "live_mo >= 2"
    (suggestion,) = complete(text, 4, NAMES)
    assert suggestion == Suggestion(text="live_models", meaning="models in production", start=0, end=7)
    assert text[: suggestion.start] + suggestion.text + text[suggestion.end :] == "live_models >= 2"


def test_no_more_is_offered_than_can_be_looked_through():
    many = {f"fact_{number}": "" for number in range(100)}
    assert len(complete("", 0, many)) == 20
