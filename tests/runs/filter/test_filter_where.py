"""What compiled conditions find, and that nothing which a person writes becomes SQL."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from lean_core.errors import FilterError
from lean_core.runs.filter import Key, compile_condition, parse
from tests.runs.filter.little_store import ARun, Dataset, LittleStore

NOW = datetime(2026, 11, 24, 12)
NAN, INF = float("nan"), float("inf")
EVIL = "x' OR 1=1; DROP TABLE run; --"
RUNS = [
    ARun(
        run_id="high",
        name="Alpha",
        start_time=datetime(2026, 11, 1),
        end_time=datetime(2026, 11, 1, 0, 10),
        metrics={"auc": 0.9, "Categorical Imputer ": 1.0},
        params={"depth": "10", "model": "xgb"},
        tags={"mlflow.user": "ana"},
        local={"checked": "yes"},
        inputs=(Dataset(name="iris", digest="d1", context="training"), Dataset(name="wine", digest="d2")),
    ),
    ARun(
        run_id="low",
        name="alphabet",
        status="FAILED",
        start_time=datetime(2026, 11, 1, 23, 59, 59),
        metrics={"auc": 0.5},
        params={"depth": "9", "model": EVIL},
        inputs=(Dataset(name="wine", digest="d2", context="eval"),),
    ),
    ARun(
        run_id="nan", status="RUNNING", start_time=datetime(2026, 11, 2), metrics={"auc": NAN}, params={"depth": "deep"}
    ),
    ARun(run_id="inf", status="ABANDONED", start_time=datetime(2026, 11, 24, 11), metrics={"auc": INF}),
    ARun(run_id="none", status=None, params={"path": "a\nb", "unit": "100%"}),
]


@pytest.fixture(scope="module")
def store() -> LittleStore:
    store = LittleStore()
    store.fill(RUNS)
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("metrics.auc > 0.4", "high low inf"),
        ("metrics.auc < 0.6", "low"),
        ("metrics.auc != 0.5", "high nan inf"),
        ("not metrics.auc > 0.6", "low"),
        ("not (metrics.auc > 0.6)", "low"),
        ("metrics.auc = inf", "inf"),
        ("metrics.auc not in (0.5, 0.9)", "inf"),
        ("metrics.auc between 0.5 and 0.9", "high low"),
        ("isnan(metrics.auc)", "nan"),
        ("not isnan(metrics.auc)", "high low inf"),
        ("metrics.auc is null", "none"),
        ("metrics.auc is not null", "high low nan inf"),
        ("metrics.auc > 0 or metrics.auc is null or isnan(metrics.auc)", "high low nan inf none"),
        ("metrics.`Categorical Imputer ` = 1", "high"),
        ("metrics.`Categorical Imputer` = 1", ""),
        ("params.depth >= 9", "high low"),
        ("params.depth > 9.5", "high"),
        ("params.depth > '9.5'", "nan"),
        ("params.depth in (9, 10)", "high low"),
        ("params.depth != 9", "high"),
        ("params.depth != '9'", "high nan"),
        ("params.model like 'X%'", ""),
        ("params.model ilike 'XGB'", "high"),
        ("params.path like 'a_b'", "none"),
        ("params.unit like '100%'", "none"),
        ("params.model ~ '^x.b$'", "high"),
        ("params.model !~ '^x.b$'", "low"),
        ("tags.`mlflow.user` = 'ana'", "high"),
        ("local.checked = 'yes'", "high"),
        ("status = 'ABANDONED'", "inf"),
        ("status != 'FINISHED'", "low nan inf"),
        ("name ~ '(?i)^ALPHA'", "high low"),
        ("start_time = '2026-11-01'", "high low"),
        ("start_time > '2026-11-01'", "low nan inf"),
        ("start_time != '2026-11-01'", "nan inf"),
        ("start_time > now() - 7d", "inf"),
        ("start_time > today()", "inf"),
        ("end_time is null and start_time is not null", "low nan inf"),
        ("duration = 10m", "high"),
        ("duration > 5m", "high"),
        ("dataset.name = 'wine'", "high low"),
        ("dataset.name != 'wine'", "high"),
        ("not dataset.name = 'wine'", ""),
        ("not dataset.name = 'iris'", "low"),
        ("dataset.context = 'training'", "high"),
        ("dataset.context is null", "nan inf none"),
        ("dataset.digest in ('d1', 'd3')", "high"),
        ("dataset.name is not null and not dataset.name ilike 'IR%'", "low"),
    ],
)
def test_it_finds(store, text, found):
    assert store.find(parse(text, now=NOW)) == set(found.split())


ATTACKS = [
    EVIL,
    "'; DROP TABLE run; --",
    '"; DROP TABLE run; --',
    "`) OR TRUE --",
    "x'::INT",
    "?",
    "$1",
    "\\' OR 1=1",
    "\x00'",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_written_is_bound_and_never_sql(store, attack):
    quoted = attack.replace("'", "''")
    key = attack.replace("`", "``")
    text = (
        f"params.model = '{quoted}' or tags.`{key}` in ('{quoted}', 'b') or params.`{key}` like '{quoted}' "
        f"or dataset.name ilike '{quoted}' or local.`{key}` between '{quoted}' and 'z' or metrics.`{key}` > 1"
    )
    condition = parse(text, now=NOW)
    columns: dict[Key, str] = {}
    where = compile_condition(condition, lambda key: columns.setdefault(key, f"c{len(columns)}"))
    assert attack in where.parameters
    assert re.fullmatch(r"[\w\s?(),:<>='.]*", where.sql)
    assert not re.search(r"DROP|'(?!nan')(?<!'nan')", where.sql)
    assert where.sql.count("?") == len(where.parameters)
    assert store.find(condition) == ({"low"} if attack == EVIL else set())
    assert store.connection.execute("SELECT count(*) FROM run").fetchone() == (len(RUNS),)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_outside_of_quotes_is_refused(attack):
    for text in (attack, f"params.model = {attack}", f"metrics.auc > 1 {attack}", f"params.{attack} = 'x'"):
        with pytest.raises(FilterError):
            parse(text, now=NOW)


def test_a_list_of_a_thousand_values_and_a_chain_of_hundreds_run(store):
    values = ", ".join(f"'{number}'" for number in range(1_000))
    assert store.find(parse(f"params.depth in ({values})", now=NOW)) == {"high", "low"}
    assert store.find(parse(" or ".join(["params.depth = '9'"] * 450), now=NOW)) == {"low"}
