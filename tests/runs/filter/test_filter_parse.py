"""What expressions mean."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from lean_core.errors import FilterError
from lean_core.runs.filter import (
    ATTRIBUTES,
    CHOICES,
    And,
    Between,
    Compare,
    In,
    IsNaN,
    IsNull,
    Key,
    Like,
    Matches,
    Not,
    Or,
    keys,
    parse,
    parse_key,
    quote_key,
)
from lean_core.runs.filter.vocabulary import ALIASES, KINDS

NOW = datetime(2026, 11, 24, 12, 30)
AUC, MODEL, STARTED = Key("metric", "auc"), Key("param", "model"), Key("attribute", "start_time")
HIGH_AUC = Compare(key=AUC, operator=">", value=0.8)
IS_XGB = Compare(key=MODEL, operator="=", value="xgb")


def read(text: str):
    return parse(text, now=NOW)


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\u00a0"])
def test_nothing_is_no_condition(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("metrics.auc", AUC),
        ("metric.auc", AUC),
        ("METRICS.auc", AUC),
        ("`metrics`.auc", AUC),
        ("params.model", MODEL),
        ("param.model", MODEL),
        ("parameter.model", MODEL),
        ("parameters.model", MODEL),
        ("params.model.depth", Key("param", "model.depth")),
        ("params.5x", Key("param", "5x")),
        ("params.x5.2", Key("param", "x5.2")),
        ("params.in", Key("param", "in")),
        ("params.日本", Key("param", "日本")),
        ("params.`learning rate`", Key("param", "learning rate")),
        ("metrics.`Categorical Imputer `", Key("metric", "Categorical Imputer ")),
        ('metrics."val/loss"', Key("metric", "val/loss")),
        ('params."it\'s `so`"', Key("param", "it's `so`")),
        ("params.`a``b`", Key("param", "a`b")),
        ("tags.`mlflow.user`", Key("tag", "mlflow.user")),
        ("tag.mlflow.source.name", Key("tag", "mlflow.source.name")),
        ("local.checked", Key("local", "checked")),
        ("local_tags.checked", Key("local", "checked")),
        ("dataset.name", Key("dataset", "name")),
        ("datasets.digest", Key("dataset", "digest")),
        ("status", Key("attribute", "status")),
        ("attributes.status", Key("attribute", "status")),
        ("attribute.status", Key("attribute", "status")),
        ("attr.status", Key("attribute", "status")),
        ("run.status", Key("attribute", "status")),
        ("run_name", Key("attribute", "name")),
        ("`Run name`", Key("attribute", "name")),
        ('attributes."run name"', Key("attribute", "name")),
        ("user_id", Key("attribute", "user")),
        ("Created", STARTED),
        ("parent_run_id", Key("attribute", "parent")),
        ("lifecycle_stage", Key("attribute", "lifecycle")),
        ("experiment_id", Key("attribute", "experiment_id")),
    ],
)
def test_a_key_is_read(text, key):
    assert parse_key(text) == key
    assert read(f"{text} is null") == IsNull(key=key)


def test_a_key_renders_with_backticks_where_it_needs_them():
    assert str(AUC) == "metrics.auc"
    assert str(Key("param", "model.depth")) == "params.model.depth"
    assert quote_key("metric", "val/loss") == "metrics.`val/loss`"
    assert str(Key("tag", "a`b ")) == "tags.`a``b `"
    assert str(Key("local", "seen")) == "local.seen"
    assert str(Key("dataset", "name")) == "dataset.name"
    assert str(STARTED) == "start_time"


@pytest.mark.parametrize("text", ["", "metrics.auc desc", "'a'", "metrics.auc > 1", "auc", "metrics.val-loss", "a.b"])
def test_what_is_no_key_alone_is_refused(text):
    with pytest.raises(FilterError):
        parse_key(text)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("metrics.auc > 0.8", HIGH_AUC),
        ("metrics.auc>.8", HIGH_AUC),
        ("(metrics.auc > (0.8))", HIGH_AUC),
        ("metrics.auc == 1", Compare(key=AUC, operator="=", value=1.0)),
        ("metrics.auc <> 1.", Compare(key=AUC, operator="!=", value=1.0)),
        ("metrics.auc <= -1e-3", Compare(key=AUC, operator="<=", value=-0.001)),
        ("metrics.auc >= -inf", Compare(key=AUC, operator=">=", value=float("-inf"))),
        ("params.model = 'xgb'", IS_XGB),
        ('params.model = "xgb"', IS_XGB),
        ("params.model = 'it''s'", Compare(key=MODEL, operator="=", value="it's")),
        (r"params.model = 'C:\x'", Compare(key=MODEL, operator="=", value=r"C:\x")),
        ("params.model = ''", Compare(key=MODEL, operator="=", value="")),
        ("params.model >= 3", Compare(key=MODEL, operator=">=", value=3.0)),
        ("params.model >= '3'", Compare(key=MODEL, operator=">=", value="3")),
        ("params.model in ('a', \"b\")", In(key=MODEL, values=("a", "b"))),
        ("params.model NOT IN (1, -2)", In(key=MODEL, values=(1.0, -2.0), negated=True)),
        ("metrics.auc between 0 and 1", Between(key=AUC, low=0.0, high=1.0)),
        ("metrics.auc not between 0 and 1", Between(key=AUC, low=0.0, high=1.0, negated=True)),
        ("params.model like 'x%'", Like(key=MODEL, pattern="x%")),
        ("params.model not ilike 'x%'", Like(key=MODEL, pattern="x%", ignore_case=True, negated=True)),
        ("params.model ~ '^x'", Matches(key=MODEL, pattern="^x")),
        ("params.model rlike '^x'", Matches(key=MODEL, pattern="^x")),
        ("params.model not regexp '^x'", Matches(key=MODEL, pattern="^x", negated=True)),
        ("params.model !~ '^x'", Matches(key=MODEL, pattern="^x", negated=True)),
        ("params.model is null", IsNull(key=MODEL)),
        ("params.model IS  NOT  NULL", IsNull(key=MODEL, negated=True)),
        ("isnan(metrics.auc)", IsNaN(key=AUC)),
        ("status = 'ABANDONED'", Compare(key=Key("attribute", "status"), operator="=", value="ABANDONED")),
        ('status = "FAILED" and "run name" = \'x\'', None),
    ],
)
def test_one_condition(text, condition):
    assert read(text) == condition or condition is None
    assert read(text) is not None


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("metrics.auc > 0.8 and params.model = 'xgb'", And(conditions=(HIGH_AUC, IS_XGB))),
        ("metrics.auc > 0.8 or params.model = 'xgb'", Or(conditions=(HIGH_AUC, IS_XGB))),
        ("not metrics.auc > 0.8 and params.model = 'xgb'", And(conditions=(Not(condition=HIGH_AUC), IS_XGB))),
        ("not (metrics.auc > 0.8 and params.model = 'xgb')", Not(condition=And(conditions=(HIGH_AUC, IS_XGB)))),
        (
            "params.model = 'xgb' or metrics.auc > 0.8 and not params.model = 'xgb'",
            Or(conditions=(IS_XGB, And(conditions=(HIGH_AUC, Not(condition=IS_XGB))))),
        ),
        (
            "(params.model = 'xgb' and metrics.auc > 0.8) and params.model = 'xgb'",
            And(conditions=(IS_XGB, HIGH_AUC, IS_XGB)),
        ),
    ],
)
def test_conditions_are_joined_as_in_sql(text, condition):
    assert read(text) == condition


def test_not_before_a_dataset_differs_from_not_within():
    inside, outside = read("dataset.name not in ('a')"), read("not dataset.name in ('a')")
    assert inside == In(key=Key("dataset", "name"), values=("a",), negated=True)
    assert outside == Not(condition=In(key=Key("dataset", "name"), values=("a",)))


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("'2026-11-01'", datetime(2026, 11, 1)),
        ("'2026-11-1 9:30'", datetime(2026, 11, 1, 9, 30)),
        ("'2026-11-01 14:30'", datetime(2026, 11, 1, 14, 30)),
        ("'2026-11-01T14:30:15'", datetime(2026, 11, 1, 14, 30, 15)),
        ("'2026-11-01T14:30:15.25Z'", datetime(2026, 11, 1, 14, 30, 15, 250_000)),
        ("'2026-11-01T14:30:15+05:30'", datetime(2026, 11, 1, 9, 0, 15)),
        ("'2026-11-01 14:30 -0800'", datetime(2026, 11, 1, 22, 30)),
        ("1793543400000", datetime(2026, 11, 1, 14, 30)),
        ("now()", NOW),
        ("NOW ( )", NOW),
        ("now() - 7d", datetime(2026, 11, 17, 12, 30)),
        ("(now() - 1w + 90m)", datetime(2026, 11, 17, 14, 0)),
        ("now() - 1.5h", datetime(2026, 11, 24, 11, 0)),
        ("today()", datetime(2026, 11, 24)),
        ("yesterday() + 30s", datetime(2026, 11, 23, 0, 0, 30)),
        ("'2026-11-01' + 12h", datetime(2026, 11, 1, 12)),
    ],
)
def test_a_time_is_read_as_utc(written, at):
    assert read(f"start_time > {written}") == Compare(key=STARTED, operator=">", value=at)


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("'2026-11-01'", datetime(2026, 11, 1), datetime(2026, 11, 2)),
        ("'2026-11-01 14:30'", datetime(2026, 11, 1, 14, 30), datetime(2026, 11, 1, 14, 31)),
        ("'2026-11-01T14:30:05Z'", datetime(2026, 11, 1, 14, 30, 5), datetime(2026, 11, 1, 14, 30, 6)),
        ("yesterday()", datetime(2026, 11, 23), datetime(2026, 11, 24)),
    ],
)
def test_a_date_equals_every_moment_within_it(written, begin, end):
    since, before = Compare(key=STARTED, operator=">=", value=begin), Compare(key=STARTED, operator="<", value=end)
    assert read(f"start_time = {written}") == And(conditions=(since, before))
    earlier, later = Compare(key=STARTED, operator="<", value=begin), Compare(key=STARTED, operator=">=", value=end)
    assert read(f"start_time != {written}") == Or(conditions=(earlier, later))


def test_an_exact_time_equals_itself_only():
    at = datetime(2026, 11, 1, 14, 30)
    assert read("start_time = 1793543400000") == Compare(key=STARTED, operator="=", value=at)


def test_now_with_a_zone_is_turned_into_utc():
    now = datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    assert parse("start_time > now()", now=now) == Compare(key=STARTED, operator=">", value=datetime(2026, 11, 23, 22))
    assert parse("start_time > today()", now=now) == parse("start_time > today()", now=now.astimezone(UTC))


@pytest.mark.parametrize(
    ("written", "seconds"), [("90", 90.0), ("5m", 300.0), ("1.5h", 5400.0), ("2d", 172_800.0), ("1W", 604_800.0)]
)
def test_a_duration_is_in_seconds(written, seconds):
    assert read(f"duration > {written}") == Compare(key=Key("attribute", "duration"), operator=">", value=seconds)


def test_keys_are_listed_once_in_the_order_of_the_text():
    condition = read("not (params.model = 'a' or metrics.auc > 1) and isnan(metrics.auc) and status is null")
    assert keys(condition) == (MODEL, AUC, Key("attribute", "status"))


def test_a_long_chain_is_no_deep_tree():
    condition = read(" or ".join(["user='ana'"] * 700))
    assert len(condition.conditions) == 700


def test_importing_the_language_does_not_import_sqlglot():
    code = (
        "import sys; from lean_core.runs.filter import parse_key; parse_key('status'); print('sqlglot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "text", ["drop table run", "call x()", "metrics.a > 1 params.b", "params.a ~ '('", "params.b between 'x'"]
)
def test_a_wrong_expression_logs_nothing(text, capfd, caplog):
    with pytest.raises(FilterError):
        read(text)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_every_example_of_the_reference_is_read():
    reference = Path(__file__).parents[3] / "docs" / "filter.md"
    examples = re.findall(r"^\| (`+)(.+?)\1 \|", reference.read_text().split("## Keys")[0], re.MULTILINE)
    assert len(examples) > 15
    for _, example in examples:
        assert read(example) is not None


def test_every_attribute_and_alias_is_in_the_reference():
    reference = (Path(__file__).parents[3] / "docs" / "filter.md").read_text()
    missing = [name for name in (*ATTRIBUTES, *ALIASES, *KINDS, *CHOICES["status"]) if name not in reference]
    assert missing == []
