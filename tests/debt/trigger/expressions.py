"""Expressions and facts as hypothesis draws them: every shape that the language has, over a few facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import strategies as st

from lean_core.debt.trigger import Expression, Facts
from lean_core.debt.trigger.nodes import And, Compare, Fact, Not, Operand, Or, Package, Value
from tests.debt.trigger.known_facts import NOW, facts

HOUR = dt.timedelta(hours=1)
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, -1.5, 1e20])
DATES = st.dates(dt.date(2026, 11, 20), dt.date(2026, 11, 26))
TEXTS = st.sampled_from(["", "ana", "it's", 'say "hi"', "2.0", "and"])
TRUTHS = st.booleans()
VERSIONS = st.sampled_from(["1", "1.2", "1.10", "2.0"])
NAMES = ("count", "share", "day", "owner", "paid", 'prod."my.model".age', "gone", "for-what.and", "missing")
PACKAGES = ("mlflow", "scikit-learn", "absent")

_EQUAL = st.sampled_from(["=", "!="])
_ANY = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_FACTS = st.sampled_from(NAMES).map(lambda name: Fact(name=name))
_TODAY = st.just(Fact(name="date"))
_VERSIONED = st.sampled_from(PACKAGES).map(lambda name: Package(name=name))
_HELD = st.none() | st.integers(1, 72).map(lambda hours: hours * HOUR)


def _values(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[Value]:
    return strategy.map(lambda value: Value(value=value))


@st.composite
def comparisons(draw: st.DrawFn) -> Compare:
    """Draw a comparison that can't be seen to be wrong before the facts are known."""
    left, right, operators = draw(
        st.sampled_from(
            [
                (_FACTS, _values(NUMBERS | DATES), _ANY),
                (_FACTS, _values(TEXTS | TRUTHS), _EQUAL),
                (_FACTS, _FACTS | _TODAY, _ANY),
                (_TODAY, _values(DATES), _ANY),
                (_VERSIONED, _values(VERSIONS), _ANY),
                (_VERSIONED, _FACTS | _VERSIONED, _ANY),
            ]
        )
    )
    sides: list[Operand] = [draw(left), draw(right)]
    if draw(st.booleans()):
        sides.reverse()
    timeless = any(isinstance(side, Package) or side == Fact(name="date") for side in sides)
    held = None if timeless else draw(_HELD)
    return Compare(left=sides[0], operator=draw(operators), right=sides[1], held=held)


def join(kind: type[And | Or], conditions: Sequence[Expression]) -> Expression:
    flat: list[Expression] = []
    for condition in conditions:
        flat.extend(condition.conditions if isinstance(condition, kind) else [condition])
    return kind(conditions=tuple(flat))


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    comparisons(),
    lambda inner: (
        inner.map(lambda condition: Not(condition=condition))
        | st.lists(inner, min_size=2, max_size=3).map(lambda conditions: join(And, conditions))
        | st.lists(inner, min_size=2, max_size=3).map(lambda conditions: join(Or, conditions))
    ),
    max_leaves=6,
)

_ANY_VALUE = NUMBERS | DATES | TEXTS | TRUTHS | VERSIONS | st.sampled_from([float("nan"), float("inf")])
_POINTS = st.lists(st.tuples(st.integers(0, 80), st.none() | NUMBERS), max_size=4, unique_by=lambda point: point[0])


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    """Draw what is known: values, versions, and what was before, at full hours."""
    values = draw(st.dictionaries(st.sampled_from(NAMES[:-1]), _ANY_VALUE | NUMBERS, max_size=8))
    histories = {name: draw(_POINTS) for name in values}
    past = {
        name: sorted((NOW - hours * HOUR, value) for hours, value in points) if points else []
        for name, points in histories.items()
    }
    packages = draw(st.dictionaries(st.sampled_from(PACKAGES[:2]), VERSIONS) | st.just("no lock file"))
    unknown = {name: f"{name} could not be read" for name in NAMES[:-1] if name not in values}
    return facts(values, unknown=unknown, packages=packages, history=past)
