from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.releases.policy import Policy, canonical, choose_policy, name_checks
from lean_core.settings import GateSettings, parse_settings

FULL = """
metrics.auc = { min = 0.8 }
baseline.auc = { direction = "higher", max_regression = "2%" }
data.t = { table = "t.csv", rows.min = 1, columns.id = { unique = true, min = 2026-01-01 } }
transformation.x = { pytest = "x.py" }
business.r = { value = 1, as_of = 2026-11-01, min = 0 }
checklist = ["Model card reviewed"]
approvals = {}
"""


def settings_of(text: str) -> GateSettings:
    return parse_settings(f"[gates.churn.prod]\n{text}", path=Path("lean.toml")).gates["churn"]["prod"]


def digest(text: str) -> str:
    return Policy(place="", settings=settings_of(text)).sha256


def test_a_models_own_policy_goes_before_that_of_every_model():
    gates = parse_settings(
        "[gates.churn.prod]\nmetrics.auc = {min = 1}\n[gates.'*']\nprod.approvals = {}\ntest.approvals = {}",
        path=Path("lean.toml"),
    ).gates
    own, every = choose_policy(gates, "churn", "prod"), choose_policy(gates, "price", "prod")
    assert own is not None
    assert own.place == "[gates.churn.prod]"
    assert own.settings.approvals is None
    assert every is not None
    assert every.place == '[gates."*".prod]'
    assert choose_policy(gates, "churn", "test") is not None
    assert choose_policy(gates, "churn", "dev") is None


def test_the_digest_is_of_the_rules_and_not_of_how_they_are_written():
    assert digest("metrics.auc = {min = 1}\napprovals = {}") == digest(
        "# strict\napprovals = { count = 1 }\n[gates.churn.prod.metrics]\nauc.min = 1.0"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min = 0.8", "min = 0.81"),
        ('"2%"', '"3%"'),
        ('"2%"', '"2%", against = "7"'),
        ("rows.min = 1", "rows.min = 2"),
        ("unique = true", "unique = false"),
        ("2026-01-01", "2026-01-02"),
        ('"x.py"', '"y.py"'),
        ('"x.py"', '"x.py", timeout = "1m"'),
        ("min = 0 }", "min = 0.1 }"),
        ('"Model card reviewed"', '"Model card read"'),
        ("approvals = {}", "approvals = { self_approval = true }"),
        ("approvals = {}", 'approvals = {}\nwaivers.longest = "7d"'),
    ],
)
def test_every_rule_is_in_the_digest(old: str, new: str):
    assert old in FULL
    assert digest(FULL.replace(old, new)) != digest(FULL)


def test_what_a_business_signal_measured_is_evidence_and_no_rule():
    assert digest(FULL.replace("value = 1, as_of = 2026-11-01", "value = 2, as_of = 2026-11-20")) == digest(FULL)


def test_the_digest_of_a_policy_stays_the_same_over_versions_of_the_workbench():
    assert canonical(settings_of("metrics.auc = {min = 0.8}")).decode() == (
        '{"baseline":{},"business":{},"checklist":[],"data":{},"metrics":{"auc":{"min":0.8}},"transformation":{},'
        '"waivers":{"longest":2592000.0}}'
    )


def test_checks_are_named_by_what_they_are_about():
    assert name_checks(settings_of(FULL)) == (
        "metrics.auc",
        "baseline.auc",
        "data.t.columns",
        "data.t.rows",
        "data.t.id.range",
        "data.t.id.unique",
        "transformation.x",
        "business.r",
        "checklist.Model card reviewed",
        "approvals",
    )


def test_the_versions_that_a_policy_compares_with_are_named():
    settings = settings_of(
        'baseline.a = {direction = "higher", max_regression = 0}\n'
        'baseline.b = {direction = "higher", max_regression = 0, against = "4"}\n'
        'baseline.c = {direction = "higher", max_regression = 0, against = 0.5}'
    )
    policy = Policy(place="", settings=settings)
    assert policy.baselines("6") == ("6", "4")
    assert policy.baselines(None) == ("4",)
