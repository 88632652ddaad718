"""What an expression is understood as."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from lean_core.debt.trigger import parse
from lean_core.debt.trigger.nodes import And, Compare, Expression, Fact, Not, Or, Package, Value


def compare(name: str, operator: str, value: object, *, days: int | None = None) -> Compare:
    held = None if days is None else dt.timedelta(days=days)
    return Compare(left=Fact(name=name), operator=operator, right=Value(value=value), held=held)


A, B, C = compare("a", ">", 1), compare("b", ">", 2), compare("c", ">", 3)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("date >= 2027-01-01", compare("date", ">=", dt.date(2027, 1, 1))),
        ("credits.days_left < 60", compare("credits.days_left", "<", 60)),
        ("live_models >= 2", compare("live_models", ">=", 2)),
        ("signals.churn.p95_ms > 500 for 3d", compare("signals.churn.p95_ms", ">", 500, days=3)),
        ("debt.age_days > 90", compare("debt.age_days", ">", 90)),
        ('owner = "ana"', compare("owner", "=", "ana")),
        ("owner != 'it''s'", compare("owner", "!=", "it's")),
        ('owner = "say ""hi"""', compare("owner", "=", 'say "hi"')),
        ("paid = TRUE", compare("paid", "=", True)),
        ("a == -1.5e3", compare("a", "=", -1500.0)),
        ("a <> .5", compare("a", "!=", 0.5)),
        ("a>-5", compare("a", ">", -5)),
        (
            "a > 1 for 12h",
            Compare(left=Fact(name="a"), operator=">", right=Value(value=1), held=dt.timedelta(hours=12)),
        ),
        ("a > 1 FOR 2w", compare("a", ">", 1, days=14)),
        ("2 <= a", Compare(left=Value(value=2), operator="<=", right=Fact(name="a"))),
        ("a > b", Compare(left=Fact(name="a"), operator=">", right=Fact(name="b"))),
        (
            'dep("MLflow_Skinny") >= "4"',
            Compare(left=Package(name="mlflow-skinny"), operator=">=", right=Value(value="4")),
        ),
    ],
)
def test_a_comparison_is_read(text: str, meaning: Compare):
    assert parse(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a > 1 and b > 2 and c > 3", And(conditions=(A, B, C))),
        ("a > 1 and (b > 2 and c > 3)", And(conditions=(A, B, C))),
        ("a > 1 or b > 2 and c > 3", Or(conditions=(A, And(conditions=(B, C))))),
        ("(a > 1 or b > 2) and c > 3", And(conditions=(Or(conditions=(A, B)), C))),
        ("not a > 1 and b > 2", And(conditions=(Not(condition=A), B))),
        ("not (a > 1 and b > 2)", Not(condition=And(conditions=(A, B)))),
        ("not (not a > 1)", Not(condition=Not(condition=A))),
        ("a > 1 AND\n\tNOT(b > 2)", And(conditions=(A, Not(condition=B)))),
        ("a > 1 and b > 2 for 3d", And(conditions=(A, compare("b", ">", 2, days=3)))),
    ],
)
def test_not_binds_more_than_and_and_that_more_than_or(text: str, meaning: Expression):
    assert parse(text) == meaning


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a-b", "a-b"),
        ("prod.churn-", "prod.churn-"),
        ("prod.2024-churn.age", "prod.2024-churn.age"),
        ('prod."my.model".age', 'prod."my.model".age'),
        ('prod."ünïcode, spaced".age', 'prod."ünïcode, spaced".age'),
        ('prod."churn".age', "prod.churn.age"),
        ("signals.for.or.not", "signals.for.or.not"),
        ("fortune", "fortune"),
        ("true-north", "true-north"),
        ("dep", "dep"),
        ("_x", "_x"),
    ],
)
def test_a_name_is_parts_joined_by_dots_and_quoted_only_where_it_must_be(written: str, name: str):
    assert parse(f"{written} > 1") == compare(name, ">", 1)


def test_neither_lark_nor_packaging_nor_duckdb_is_imported_before_it_is_needed():
    code = "import sys, lean_core.debt.trigger; print({'lark', 'packaging', 'duckdb'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
