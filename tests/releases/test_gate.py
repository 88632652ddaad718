from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.registry import (
    Approval,
    Attestation,
    CheckResult,
    Code,
    Data,
    Deployment,
    Gate,
    Waiver,
    Withdrawal,
    parse_event,
    render_event,
)
from lean_core.registry.names import event_key, new_event_id
from lean_core.releases.gate import digest_evidence, evaluate, sum_up
from tests.releases.gate_registry import NOW, GateRegistry

AUC = "metrics.auc = {min = 0.8}"
BASELINE = 'baseline.auc = {direction = "higher", max_regression = 0.01}'


@pytest.fixture
def registry(tmp_path: Path) -> GateRegistry:
    return GateRegistry(tmp_path)


def judge(registry: GateRegistry, version: str = "7", policy: str = AUC, **asked) -> Gate:
    return evaluate(registry.case(version, policy), registry.reach(), registry.asked(**asked))


def verdicts(gate: Gate) -> dict[str, str]:
    return {check.name: check.verdict for check in gate.checks}


def test_a_version_that_meets_everything_passes(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.91})
    gate = judge(registry)
    assert (gate.kind, gate.verdict, gate.model, gate.version, gate.environment) == (
        "gate",
        "pass",
        "churn",
        "7",
        "prod",
    )
    assert (gate.actor, gate.at) == ("bo", NOW)
    assert verdicts(gate) == {"metrics.auc": "pass"}


def test_one_failure_fails_and_comes_first(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.91, "ece": 0.2})
    gate = judge(registry, policy=f"{AUC}\nmetrics.ece = {{max = 0.1}}\nmetrics.gone = {{max = 1}}")
    assert gate.verdict == "fail"
    assert list(verdicts(gate).values()) == ["fail", "unknown", "pass"]


def test_what_is_unknown_blocks(registry: GateRegistry):
    registry.add_version("7", {"auc": float("nan")})
    assert judge(registry).verdict == "unknown"


def test_without_a_policy_the_verdict_is_unknown_and_says_what_to_add(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.91})
    gate = judge(registry, policy="")
    assert (gate.verdict, verdicts(gate)) == ("unknown", {"policy": "unknown"})
    assert "add [gates.churn.prod] with at least one check" in gate.checks[0].reason


@pytest.mark.parametrize("said", [{}, {"metrics": None}])
def test_a_version_without_metrics_is_unknown(registry: GateRegistry, said: dict):
    registry.add_version("7", **said)
    gate = judge(registry)
    assert gate.verdict == "unknown"
    assert "the record of 7 names no metrics file" in gate.checks[0].reason


def test_metrics_that_were_changed_after_registration_are_unknown(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.7})
    (registry.folder / "registry/churn/7/metrics.json").write_text(json.dumps({"auc": 0.99}))
    gate = judge(registry)
    assert gate.verdict == "unknown"
    assert "is not the file that was registered" in gate.checks[0].reason


def test_metrics_that_are_gone_are_unknown(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    (registry.folder / "registry/churn/7/metrics.json").unlink()
    assert judge(registry).verdict == "unknown"


def test_a_folder_without_a_record_is_unknown(registry: GateRegistry):
    registry.objects.create("churn/7/model.bin", b"x")
    gate = judge(registry)
    assert gate.verdict == "unknown"
    assert verdicts(gate)["record"] == "unknown"


def test_a_dirty_working_tree_is_noted(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9}, code=Code(commit="0" * 40, dirty=True))
    registry.add_version("8", {"auc": 0.9}, code=Code(commit="0" * 40, dirty=False))
    assert "dirty working tree" in judge(registry).notes[0]
    assert judge(registry, "8").notes == ()


# Baseline


def test_the_baseline_is_what_is_live_in_the_environment(registry: GateRegistry):
    for version, auc in (("5", 0.8), ("6", 0.95), ("7", 0.795)):
        registry.add_version(version, {"auc": auc})
    registry.deploy("6")
    registry.deploy("5")
    gate = judge(registry, policy=BASELINE)
    assert (gate.verdict, gate.baseline) == ("pass", "5")
    assert "against that of 5, 0.8: worse by 0.005" in gate.checks[0].reason
    assert [line.split()[0] for line in gate.checks[0].evidence] == ["churn/7/metrics.json", "churn/5/metrics.json"]


def test_where_nothing_is_live_there_is_no_baseline(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    gate = judge(registry, policy=BASELINE)
    assert (gate.verdict, gate.baseline) == ("unknown", None)
    assert "waive baseline.auc for the first release" in gate.checks[0].reason


def test_a_deployment_that_cannot_be_read_makes_the_live_version_unknown(registry: GateRegistry):
    registry.add_version("5", {"auc": 0.8})
    registry.add_version("7", {"auc": 0.9})
    registry.deploy("5")
    hidden = new_event_id("deployment", environment="prod", at=NOW - dt.timedelta(hours=1))
    registry.objects.create(event_key("churn", hidden), b"{")
    gate = judge(registry, policy=BASELINE)
    assert gate.verdict == "unknown"
    assert "what is live in prod is not sure" in gate.checks[0].reason


def test_a_named_baseline_that_is_not_there_is_unknown(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    gate = judge(registry, policy='baseline.auc = {direction = "higher", against = "4", max_regression = 0}')
    assert (gate.verdict, gate.baseline) == ("unknown", "4")
    assert "there is no version 4 of churn" in gate.checks[0].reason


def test_a_baseline_on_other_evaluation_data_is_unknown(registry: GateRegistry):
    registry.add_version("5", {"auc": 0.8}, data=(Data(name="test", ref="old.csv", digest="sha256:" + "b" * 64),))
    registry.add_version("7", {"auc": 0.9})
    registry.deploy("5")
    gate = judge(registry, policy=BASELINE)
    assert gate.verdict == "unknown"
    assert "7 and 5 were evaluated on different data" in gate.checks[0].reason


def test_a_bad_release_that_was_forced_fails_when_it_is_judged_again(registry: GateRegistry):
    for version, auc in (("5", 0.9), ("7", 0.6)):
        registry.add_version(version, {"auc": auc})
    registry.deploy("5")
    assert judge(registry, policy=BASELINE).verdict == "fail"
    registry.add_event(Deployment, "7", outcome="succeeded", reason="the demo is at nine")
    gate = judge(registry, policy=BASELINE)
    assert (gate.verdict, gate.baseline) == ("fail", "5")
    assert "0.6, against that of 5, 0.9: worse by 0.3" in gate.checks[0].reason


def test_the_first_release_has_nothing_to_be_compared_with_when_it_is_live_either(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    registry.deploy("7")
    gate = judge(registry, policy=BASELINE)
    assert (gate.verdict, gate.baseline) == ("unknown", None)
    assert gate.checks[0].reason == (
        "7 itself is live in prod, and nothing was before it, so there is nothing to compare with:"
        " waive baseline.auc for the first release"
    )


# People


def test_people_are_asked_about_this_version_and_environment(registry: GateRegistry):
    policy = 'checklist = ["Model card reviewed"]\napprovals = {}'
    for version in ("6", "7"):
        registry.add_version(version, {"auc": 0.9})
    registry.add_event(Approval, "6", by="bo")
    registry.add_event(Approval, "7", by="bo", environment="test")
    registry.add_event(Attestation, "6", item="Model card reviewed", by="bo")
    assert set(verdicts(judge(registry, policy=policy)).values()) == {"fail"}
    registry.add_event(Approval, "7", by="bo")
    registry.add_event(Attestation, "7", item="Model card reviewed", by="bo", environment=None)
    gate = judge(registry, policy=policy)
    assert gate.verdict == "pass"


def test_who_registered_the_version_cannot_approve_it_alone(registry: GateRegistry):
    registry.add_version("7", created_by="ana")
    registry.add_event(Approval, "7", by="Ana")
    gate = judge(registry, policy="approvals = {}")
    assert gate.verdict == "fail"
    assert "Ana (self-approval, which does not count here)" in gate.checks[0].reason


# Waivers


def waive(
    registry: GateRegistry, check: str = "metrics.auc", *, days: float = 20, version: str = "7", **fields
) -> Waiver:
    at = NOW - dt.timedelta(days=1)
    until = at + dt.timedelta(days=days)
    event = registry.add_event(
        Waiver, version, at=at, check=check, reason="labels", by="bo", expires_at=until, **fields
    )
    assert isinstance(event, Waiver)
    return event


def test_a_waived_failure_lets_the_version_pass_and_stands_first(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.7, "ece": 0.1})
    waiver = waive(registry)
    gate = judge(registry, policy=f"metrics.ece = {{max = 1}}\n{AUC}")
    assert gate.verdict == "pass"
    assert [(check.name, check.verdict, check.waived_by) for check in gate.checks] == [
        ("metrics.auc", "fail", waiver.id),
        ("metrics.ece", "pass", None),
    ]
    assert gate.checks[0].reason.startswith("waived by bo until ")


def test_a_waiver_of_one_check_leaves_the_others(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.7, "ece": 2})
    waive(registry)
    assert judge(registry, policy=f"metrics.ece = {{max = 1}}\n{AUC}").verdict == "fail"


@pytest.mark.parametrize(
    ("days", "fields"),
    [(0.5, {}), (31, {}), (20, {"environment": "test"}), (20, {"version": "6"}), (20, {"check": "metrics.ece"})],
    ids=["expired", "too long", "of another environment", "of another version", "of another check"],
)
def test_waivers_that_count_as_none(registry: GateRegistry, days: float, fields: dict):
    registry.add_version("7", {"auc": 0.7})
    waive(registry, days=days, **fields)
    gate = judge(registry)
    assert (gate.verdict, gate.checks[0].waived_by) == ("fail", None)


def test_the_policy_says_how_long_a_waiver_may_last(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.7})
    waive(registry, days=20)
    assert judge(registry, policy=f'{AUC}\nwaivers.longest = "19d"').verdict == "fail"


# Withdrawal


@pytest.mark.parametrize("environment", [None, "prod"])
def test_a_withdrawn_version_fails_whatever_it_scored_and_waived(registry: GateRegistry, environment: str | None):
    registry.add_version("7", {"auc": 0.9})
    registry.add_event(Withdrawal, "7", environment=environment, reason="leaks the label")
    waive(registry, check="withdrawal")
    gate = judge(registry)
    assert gate.verdict == "fail"
    assert verdicts(gate) == {"withdrawal": "fail", "metrics.auc": "pass"}
    assert "leaks the label" in gate.checks[0].reason


def test_a_version_withdrawn_from_another_environment_does_not_fail_here(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    registry.add_event(Withdrawal, "7", environment="test", reason="no test data")
    assert judge(registry).verdict == "pass"


def test_an_event_that_cannot_be_read_and_may_be_a_withdrawal_is_unknown(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    hidden = new_event_id("withdrawal", environment=None, at=NOW - dt.timedelta(days=3))
    registry.objects.create(event_key("churn", hidden), b'{"schema": 2, "kind": "withdrawal"}')
    gate = judge(registry)
    assert (gate.verdict, verdicts(gate)["trail"]) == ("unknown", "unknown")


# The event


def test_the_event_is_written_and_read_as_it_is(registry: GateRegistry):
    registry.add_version("7", {"auc": float("nan"), "ece": 0.1}, code=Code(dirty=True))
    waive(registry)
    gate = judge(registry, policy=f"metrics.ece = {{max = 1}}\n{AUC}\n{BASELINE}")
    read = parse_event(render_event(gate), key=event_key("churn", gate.id))
    assert isinstance(read, Gate)
    assert read.checks[0].value == "NaN"
    assert (read.verdict, read.notes, read.evidence_sha256) == (gate.verdict, gate.notes, gate.evidence_sha256)


def test_the_digest_of_the_evidence_is_the_same_for_the_same_evidence_only(registry: GateRegistry):
    registry.add_version("7", {"auc": 0.9})
    registry.add_version("8", {"auc": 0.91})
    one, again = judge(registry), judge(registry, at=NOW + dt.timedelta(hours=1), actor="cy")
    assert one.evidence_sha256 == again.evidence_sha256
    assert judge(registry, "8").evidence_sha256 != one.evidence_sha256


# The rules of the verdict

RESULTS = st.lists(
    st.builds(
        CheckResult,
        name=st.sampled_from("abcdef"),
        verdict=st.sampled_from(["pass", "fail", "unknown"]),
        waived_by=st.sampled_from([None, None, "waiver"]),
    ),
    max_size=6,
)


@given(RESULTS, st.randoms())
def test_the_verdict_does_not_depend_on_the_order_of_the_checks(results: list[CheckResult], random):
    shuffled = list(results)
    random.shuffle(shuffled)
    assert sum_up(shuffled) == sum_up(results)


@given(RESULTS)
def test_only_passing_or_waived_checks_pass(results: list[CheckResult]):
    passes = bool(results) and all(each.verdict == "pass" or each.waived_by for each in results)
    assert (sum_up(results) == "pass") == passes


@given(RESULTS, st.sampled_from(["fail", "unknown"]))
def test_one_more_check_that_does_not_pass_never_helps(results: list[CheckResult], verdict):
    more = [*results, CheckResult(name="g", verdict=verdict)]
    assert sum_up(more) != "pass"
    assert sum_up(more) == "fail" or sum_up(results) != "fail"


@given(RESULTS.filter(lambda results: len({each.name for each in results}) == len(results)), st.randoms())
def test_the_digest_does_not_depend_on_the_order(results: list[CheckResult], random):
    shuffled = list(results)
    random.shuffle(shuffled)
    assert digest_evidence(shuffled) == digest_evidence(results)
