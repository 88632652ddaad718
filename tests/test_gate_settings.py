from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import SettingsError
from lean_core.settings import (
    ApprovalSettings,
    BaselineSettings,
    BusinessSettings,
    ColumnSettings,
    DataSettings,
    DuplicateSettings,
    FreshnessSettings,
    GateSettings,
    MetricSettings,
    RowSettings,
    TransformationSettings,
    WaiverSettings,
    parse_settings,
)

PATH = Path("/home/ana/churn/lean.toml")
EVERYTHING = """
[gates.churn.prod]
metrics.auc = { min = 0.8 }
metrics."val/log loss" = { min = 0, max = 1 }
baseline.auc = { direction = "higher", max_regression = "2%", evaluated_on = "holdout" }
baseline.f1 = { direction = "higher", against = "7", min_improvement = 0.01 }
baseline.rmse = { direction = "lower", against = 0.79, max_regression = 0 }
checklist = ["Model card reviewed", "Rollback rehearsed"]
approvals = { count = 2, by = ["ana", "bo"], self_approval = true }
waivers = { longest = "14d" }

[gates.churn.prod.data.customers]
table = "data/customers-*.parquet"
columns.age = { type = "integer", nulls = 0.01, min = 0, max = 120 }
columns.country = { allowed = ["DE", "AT"], unique = true }
columns.seen_at = { min = 2026-01-01, max = 2026-12-31T00:00:00Z }
rows = { min = 100 }
freshness = { column = "seen_at", max_age = "2d" }
no_duplicates_with = { table = "s3://bucket/train.csv.gz", keys = ["id"] }

[gates.churn.prod.transformation.scaling]
pytest = "tests/test_features.py::test_scaling"
timeout = "90s"
python = ".venv/bin/python"

[gates.churn.prod.business]
retention = { value = 0.42, as_of = 2026-11-01, min = 0.4, max_age = "60d" }
revenue = { file = "reports/revenue.json", min = 0 }
complaints = { not_yet = "labels come in March", by = 2027-03-31 }

[gates."*".test]
metrics.auc = { min = 0.5 }
"""


def gates(text: str):
    return parse_settings(text, path=PATH).gates


def test_without_a_section_there_is_no_gate():
    assert gates("") == {}


def test_every_check_can_be_given():
    read = gates(EVERYTHING)
    assert read == {
        "churn": {
            "prod": GateSettings(
                metrics={"auc": MetricSettings(min=0.8), "val/log loss": MetricSettings(min=0, max=1)},
                baseline={
                    "auc": BaselineSettings(max_regression="2%", direction="higher", evaluated_on="holdout"),
                    "f1": BaselineSettings(direction="higher", against="7", min_improvement=0.01),
                    "rmse": BaselineSettings(direction="lower", against=0.79, max_regression=0),
                },
                data={
                    "customers": DataSettings(
                        table="data/customers-*.parquet",
                        columns={
                            "age": ColumnSettings(type="integer", nulls=0.01, min=0, max=120),
                            "country": ColumnSettings(allowed=("DE", "AT"), unique=True),
                            "seen_at": ColumnSettings(
                                min=dt.date(2026, 1, 1), max=dt.datetime(2026, 12, 31, tzinfo=dt.UTC)
                            ),
                        },
                        rows=RowSettings(min=100),
                        freshness=FreshnessSettings(column="seen_at", max_age=dt.timedelta(days=2)),
                        no_duplicates_with=DuplicateSettings(table="s3://bucket/train.csv.gz", keys=("id",)),
                    )
                },
                transformation={
                    "scaling": TransformationSettings(
                        pytest="tests/test_features.py::test_scaling",
                        timeout=dt.timedelta(seconds=90),
                        python=".venv/bin/python",
                    )
                },
                business={
                    "retention": BusinessSettings(
                        value=0.42, as_of=dt.date(2026, 11, 1), min=0.4, max_age=dt.timedelta(days=60)
                    ),
                    "revenue": BusinessSettings(file="reports/revenue.json", min=0),
                    "complaints": BusinessSettings(not_yet="labels come in March", by=dt.date(2027, 3, 31)),
                },
                checklist=("Model card reviewed", "Rollback rehearsed"),
                approvals=ApprovalSettings(count=2, by=("ana", "bo"), self_approval=True),
                waivers=WaiverSettings(longest=dt.timedelta(days=14)),
            )
        },
        "*": {"test": GateSettings(metrics={"auc": MetricSettings(min=0.5)})},
    }


def test_a_waiver_lasts_30_days_at_most_unless_said_otherwise():
    assert gates("[gates.churn.prod]\napprovals = {}")["churn"]["prod"].waivers.longest == dt.timedelta(days=30)


G = "[gates.churn.prod]\n"
D = "[gates.churn.prod.data.t]\ntable = 't.csv'\n"
B = G + "baseline.auc = {direction = 'lower', "
MISTAKES = {
    "gates = 3": "gates = 3: expected a table, under a line [gates]",
    "[gates]\nchurn = 3": "gates.churn = 3: expected a table for each environment, such as [gates.churn.prod]",
    "[gates.'my model'.prod]": 'gates."my model" = (a table): expected the name of a model,'
    ' or "*" for every other one',
    "[gates.trail.prod]": 'gates.trail = (a table): expected the name of a model, or "*" for every other one',
    "[gates.churn.qa]": "unknown key gates.churn.qa: did you mean gates.churn.test? (known here: dev, test, prod)",
    "[gates.churn.production]\n[environments]\norder = ['staging', 'live']": "unknown key gates.churn.production:"
    " did you mean gates.churn.staging? (known here: staging, live)",
    G: "@ = (a table): expected at least one check (metrics, baseline, data, transformation, business,"
    " checklist, approvals): without one all would pass",
    G + "waivers = {longest = '1d'}": "@ = (a table): expected at least one check (metrics, baseline,"
    " data, transformation, business, checklist, approvals): without one all would pass",
    G + "metric.auc = {min = 1}": "unknown key @.metric: did you mean @.metrics?"
    " (known here: metrics, baseline, data, transformation, business, checklist, approvals, waivers)",
    G + "drift = {}": "unknown key @.drift: did you mean @.data? (known here: metrics,"
    " baseline, data, transformation, business, checklist, approvals, waivers)",
    G + "metrics = {}": "@.metrics = (a table): expected at least one entry",
    G + "metrics = ['auc']": "@.metrics = (an array): expected a table with an entry for each name,"
    " such as @.metrics.NAME",
    G + "metrics.auc = 0.8": "@.metrics.auc = 0.8: expected a table",
    G + "metrics.auc = {}": "@.metrics.auc = (a table): expected min, max or both",
    G + "metrics.auc = {mim = 1}": "unknown key @.metrics.auc.mim:"
    " did you mean @.metrics.auc.min? (known here: min, max)",
    G + "metrics.auc = {min = 0.9, max = 0.8}": "@.metrics.auc.min = 0.9:"
    " expected at most max, which is 0.8",
    G + "metrics.auc = {min = nan}": "@.metrics.auc.min = nan: expected a finite number",
    G + "metrics.auc = {max = -inf}": "@.metrics.auc.max = -inf: expected a finite number",
    G + "metrics.auc = {min = true}": "@.metrics.auc.min = true: expected a number",
    G + f"metrics.auc = {{min = 1{'0' * 400}}}": "@.metrics.auc.min = (a very long number):"
    " expected a number",
    G + "metrics.'' = {min = 1}": '@.metrics."" = (a table): expected a metric\'s name as the key',
    G + "baseline.auc = {direction = 'lower'}": "@.baseline.auc = (a table): expected either max_regression"
    " or min_improvement",
    B + "max_regression = 0.1, min_improvement = 0.1}": "@.baseline.auc = (a table):"
    " expected either max_regression or min_improvement",
    B + "max_regression = -0.1}": "@.baseline.auc.max_regression = -0.1: expected a number"
    ' from 0 on, in the unit of the metric, or a share of the baseline such as "2%"',
    B + "max_regression = '-2%'}": '@.baseline.auc.max_regression = "-2%": expected a'
    ' number from 0 on, in the unit of the metric, or a share of the baseline such as "2%"',
    B + "max_regression = inf}": "@.baseline.auc.max_regression = inf:"
    " expected a finite number",
    B + "max_regression = '100%'}": '@.baseline.auc.max_regression = "100%":'
    ' expected less than "100%": to allow the loss of everything is no limit',
    B + "max_regression = '200.5%'}": '@.baseline.auc.max_regression = "200.5%":'
    ' expected less than "100%": to allow the loss of everything is no limit',
    B + "min_improvement = '0%'}": '@.baseline.auc.min_improvement = "0%":'
    " expected more than 0: for no change use max_regression = 0",
    G + "baseline.auc = {max_regression = 0}": '@.baseline.auc.direction is missing: expected "higher" or "lower":'
    " which is better",
    G + "baseline.auc = {max_regression = 0, direction = 'up'}": '@.baseline.auc.direction = "up":'
    ' expected "higher" or "lower": which is better',
    B + "max_regression = 0, against = nan}": "@.baseline.auc.against = nan:"
    " expected a finite number",
    B + "max_regression = 0, against = 0.5, evaluated_on = 'x'}": "@.baseline.auc."
    'evaluated_on = "x": expected no evaluation data beside a number to compare with',
    G + "checklist = []": "@.checklist = (an array): expected a list of items, each a text of 1 to 300"
    " characters in one line",
    G + "checklist = ['a', 'a']": "@.checklist = (an array): expected each entry once",
    G + "checklist = [' ']": "@.checklist = (an array): expected a list of items, each a text of 1 to 300"
    " characters in one line",
    G + "approvals = {count = 0}": "@.approvals.count = 0: expected a whole number from 1 to 100",
    G + "approvals = {count = 2, by = ['ana']}": "@.approvals.count = 2: expected at most 1, as many as"
    " may approve (by)",
    G + "approvals = {by = []}": "@.approvals.by = (an array): expected a list of people,"
    ' such as ["ana"]',
    G + "approvals = {}\nwaivers = {longest = '0s'}": '@.waivers.longest = "0s": expected a duration from'
    ' "1s" to "520w" (units s m h d w)',
    "[gates.churn.prod.data.t]\nrows = {min = 1}": "@.data.t.table is missing: expected a .parquet, .csv"
    " or .csv.gz, with * for several: a path from where lean.toml lies, or s3://bucket/key",
    "[gates.churn.prod.data.t]\ntable = 't.json'": '@.data.t.table = "t.json": expected a .parquet, .csv'
    " or .csv.gz, with * for several: a path from where lean.toml lies, or s3://bucket/key",
    "[gates.churn.prod.data.t]\ntable = 'https://x/t.csv'": '@.data.t.table = "https://x/t.csv":'
    " expected a path, or s3://bucket/key",
    D: "@.data.t = (a table): expected at least one of columns, rows, freshness, no_duplicates_with",
    D + "rows = {min = -1}": "@.data.t.rows.min = -1: expected a whole number from 0 to"
    " 9,007,199,254,740,992",
    D + "rows = {min = 1.5}": "@.data.t.rows.min = 1.5: expected a whole number from 0 to"
    " 9,007,199,254,740,992",
    D + "rows = {min = 2, max = 1}": "@.data.t.rows.min = 2: expected at most max, which is 1",
    D + "columns.a = {type = 'int'}": '@.data.t.columns.a.type = "int": expected one of integer, number,'
    " text, boolean, date, timestamp, in quotes",
    D + "columns.a = {nulls = 1.1}": "@.data.t.columns.a.nulls = 1.1: expected a share from 0 to 1",
    D + "columns.a = {min = 'x'}": '@.data.t.columns.a.min = "x": expected a number,'
    " or a date without quotes",
    D + "columns.a = {min = inf}": "@.data.t.columns.a.min = inf: expected a number,"
    " or a date without quotes",
    D + "columns.a = {min = 2, max = 1}": "@.data.t.columns.a.min = 2.0: expected at most max,"
    " which is 1.0",
    D + "columns.a = {min = 2026-01-02, max = 2026-01-01}": "@.data.t.columns.a.min = 2026-01-02:"
    " expected at most max, which is 2026-01-01",
    D + "columns.a = {min = 1, max = 2026-01-01}": "@.data.t.columns.a.max = 2026-01-01:"
    " expected two numbers or two dates as min and max",
    D + "columns.a = {type = 'text', min = 1}": "@.data.t.columns.a.min = 1.0: expected a bound that"
    ' suits type = "text"',
    D + "columns.a = {type = 'integer', allowed = ['x']}": "@.data.t.columns.a.allowed = (an array):"
    " expected texts or numbers, as type says",
    D + "columns.a = {allowed = ['x', 1]}": "@.data.t.columns.a.allowed = (an array):"
    " expected texts or numbers, as type says",
    D + "columns.a = {allowed = []}": "@.data.t.columns.a.allowed = (an array): expected a list of texts"
    ' or of numbers, such as ["DE", "AT"]',
    D + "freshness = {column = 'at'}": "@.data.t.freshness.max_age is missing: expected a duration from"
    ' "1s" to "520w" (units s m h d w)',
    D + "no_duplicates_with = {keys = ['id']}": "@.data.t.no_duplicates_with = (a table): expected either"
    " table (a path) or data (the name of a data reference)",
    D + "no_duplicates_with = {keys = ['id', 'id'], data = 'train'}": "@.data.t.no_duplicates_with.keys ="
    " (an array): expected each entry once",
    "[gates.churn.prod.transformation.t]\npytest = '--pdb'": '@.transformation.t.pytest = "--pdb":'
    ' expected what pytest is to run, such as "tests/test_features.py::test_scaling"',
    "[gates.churn.prod.transformation.t]\npytest = 'x'\ntimeout = '2h'": "@.transformation.t.timeout ="
    ' "2h": expected a duration from "1s" to "1h" (units s m h)',
    "[gates.churn.prod.transformation.'a b']\npytest = 'x'": '@.transformation."a b" = (a table):'
    " expected a name of 1 to 64 of A-Z a-z 0-9 _ - as the key",
    G + "business.r = {value = 1, min = 0}": "@.business.r = (a table): expected value and as_of"
    " (a date), or file, or signal, or not_yet and by",
    G + "business.r = {value = 1, as_of = 2026-01-01}": "@.business.r = (a table): expected min, max"
    " or both",
    G + "business.r = {value = 1, as_of = '2026', min = 0}": '@.business.r.as_of = "2026": expected a date'
    " without quotes, such as 2026-11-23",
    G + "business.r = {value = 1, as_of = 2026-01-01, file = 'x.json', min = 0}": "@.business.r ="
    " (a table): expected value and as_of (a date), or file, or signal, or not_yet and by",
    G + "business.r = {not_yet = 'no labels'}": "@.business.r = (a table): expected not_yet (why there is"
    " none) and by (a date), nothing else",
    G + "business.r = {not_yet = 'no labels', by = 2027-01-01, min = 1}": "@.business.r = (a table):"
    " expected not_yet (why there is none) and by (a date), nothing else",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=[text[-60:] for text in MISTAKES])
def test_a_mistake_names_the_key_the_value_and_what_is_allowed(text: str, message: str):
    with pytest.raises(SettingsError) as caught:
        gates(text)
    assert str(caught.value) == f"{PATH}: {message.replace('@', 'gates.churn.prod')}"


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_two_bounds_are_taken_only_in_order(least: float, most: float):
    text = f"[gates.churn.prod]\nmetrics.auc = {{min = {least!r}, max = {most!r}}}"
    text = text.replace("e+", "e")
    if least <= most:
        assert gates(text)["churn"]["prod"].metrics["auc"] == MetricSettings(min=least, max=most)
    else:
        with pytest.raises(SettingsError, match="expected at most max"):
            gates(text)
