from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from lean_core.releases.case import Reach
from lean_core.releases.policy import Policy, name_checks
from lean_core.releases.self_test import Trial, try_policy
from lean_core.settings import GateSettings, parse_settings

NOW = dt.datetime(2026, 11, 23, 12)
EVERYTHING = """
metrics.auc = { min = 0.8, max = 0.99 }
metrics.loss = { max = 0 }
baseline.auc = { direction = "higher", max_regression = "2%", evaluated_on = "holdout" }
baseline.f1 = { direction = "higher", against = "5", min_improvement = 0.01 }
baseline.rmse = { direction = "lower", against = 3.2, max_regression = 0 }
baseline.mae = { direction = "lower", against = -3, min_improvement = "1%" }
data.t.table = "gone/*.csv"
data.t.rows = { min = 1000, max = 2000 }
data.t.freshness = { column = "at", max_age = "2d" }
data.t.no_duplicates_with = { data = "train", keys = ["id", "day"] }
data.t.columns.id = { type = "integer", nulls = 0.5, min = 0, unique = true }
data.t.columns.share = { type = "number", max = 1 }
data.t.columns.plan = { type = "text", allowed = ["a", "b"] }
data.t.columns.code = { allowed = [1, 2] }
data.t.columns.day = { type = "date", min = 2026-01-01, max = 2026-12-31 }
data.t.columns.at = { type = "timestamp", max = 2026-12-31T10:00:00+02:00 }
data.t.columns.active = { type = "boolean" }
data.u = { table = "u.parquet", rows = { max = 3 } }
transformation.features = { pytest = "gone.py" }
business.retention = { value = 0.5, as_of = 2026-11-20, min = 0.4 }
business.complaints = { file = "gone.json", max = 10 }
business.revenue = { not_yet = "no customers", by = 2027-03-31 }
checklist = ["Model card reviewed", "Rollback rehearsed"]
approvals = { by = ["ana"] }
"""


def policy_of(text: str) -> Policy:
    settings = parse_settings(f"[gates.churn.prod]\n{text}", path=Path("lean.toml")).gates["churn"]["prod"]
    return Policy(place="[gates.churn.prod]", settings=settings)


def run(policy: Policy) -> list[Trial]:
    environ = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    around = Reach(folder=Path("/nowhere"), fetch=lambda *_: pytest.fail("no network"), environ=environ)
    return list(try_policy(policy, around, now=NOW))


def test_every_check_of_a_policy_is_shown_to_fail():
    policy = policy_of(EVERYTHING)
    trials = run(policy)
    assert {each.result.name for each in trials} == set(name_checks(policy.settings))
    assert [each for each in trials if not each.holds] == []


def test_both_limits_are_tried():
    fed = [(each.fed, each.result.verdict) for each in run(policy_of("metrics.auc = { min = 0.8, max = 0.99 }"))]
    assert fed == [("auc = 0.79", "fail"), ("auc = 1", "fail"), ("no auc", "unknown")]


@pytest.mark.parametrize(
    "text",
    [
        'data.t = { table = "t.csv", columns.a = { nulls = 1 } }',
        'data.t = { table = "t.csv", rows = { min = 0 } }',
    ],
)
def test_a_check_that_lets_everything_through_is_found_out(text: str):
    assert any(not each.holds for each in run(policy_of(text)))


def test_a_check_that_could_not_fail_does_not_hold():
    # as if a rule had lost its teeth
    trial = run(policy_of("metrics.auc = { min = 0.8 }"))[0]
    toothless = Trial(fed=trial.fed, wanted="fail", result=trial.result.__class__(name="metrics.auc", verdict="pass"))
    assert trial.holds
    assert not toothless.holds


def test_an_empty_policy_has_nothing_to_try():
    assert run(Policy(place="", settings=GateSettings())) == []
