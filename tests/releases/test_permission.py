from __future__ import annotations

import dataclasses

import pytest

from lean_core.registry import CheckResult, Code, Version
from lean_core.registry.version import File
from lean_core.releases import Permission, Terms, judge_deployment
from tests.registry.folders import a_record
from tests.releases.builders import (
    POLICY,
    a_deployment,
    a_gate,
    a_trail,
    a_waiver,
    a_withdrawal,
    on,
    unreadable,
)

NOW = on(10)
FILES = tuple(File(key=f"churn/12/{name}", bytes=3) for name in ("model.pkl", "version.json"))


def a_version(**fields) -> Version:
    given = {"state": "recorded", "record": a_record(version="12"), "files": FILES} | fields
    return Version(model="churn", version="12", **given)


def asked(*events, version: Version | None = None, files=(), **terms) -> Permission:
    given = {
        "environment": "prod",
        "order": ("dev", "test", "prod"),
        "policy_sha256": POLICY,
        "forced": False,
        "now": NOW,
    } | terms
    return judge_deployment(version or a_version(), a_trail(*events, unreadable=files), Terms(**given))


def test_a_passing_gate_for_just_this_version_and_environment_allows_it():
    gate = a_gate()
    answer = asked(gate)
    assert (answer.refused, answer.gate) == (None, gate.id)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "never went through the gate for prod: run “lean-mlops gate churn 12 --env prod”"),
        ([a_gate("11")], "never went through"),
        ([a_gate(environment="test")], "never went through"),
        ([a_gate(verdict="fail")], "failed the gate"),
        ([a_gate(verdict="unknown")], "could not be judged by the gate"),
        ([a_gate(), a_gate(day=1, verdict="fail")], "failed the gate for prod on 2026-03-02"),
    ],
)
def test_anything_else_is_refused_and_can_be_forced(events, words):
    refused, forced = asked(*events), asked(*events, forced=True)
    assert words in (refused.refused or "")
    assert "--force --reason" in (refused.refused or "")
    assert (forced.refused, forced.gate) == (None, None)


def test_of_two_gates_the_newer_one_counts():
    gate = a_gate(day=1)
    assert asked(a_gate(verdict="fail"), gate).gate == gate.id


def test_a_pass_on_a_waiver_counts_only_as_long_as_the_waiver_does():
    def with_waiver(until: float) -> Permission:
        waiver = a_waiver(until=until)
        check = CheckResult(name="metrics.auc", verdict="fail", waived_by=waiver.id)
        return asked(waiver, a_gate(checks=(check,)))

    assert with_waiver(11).refused is None
    assert "on a waiver of metrics.auc that ended on 2026-03-10" in (with_waiver(9).refused or "")


def test_a_waiver_that_is_not_in_the_trail_counts_as_none():
    check = CheckResult(name="metrics.auc", verdict="fail", waived_by=a_waiver().id)
    assert "that is not in the trail" in (asked(a_gate(checks=(check,))).refused or "")


def test_a_changed_policy_is_said_and_does_not_refuse():
    answer = asked(a_gate(), policy_sha256="b" * 64)
    assert answer.refused is None
    assert "policy of the gate for prod has changed" in " ".join(answer.remarks)
    assert "policy" not in " ".join(asked(a_gate()).remarks)
    assert "policy" not in " ".join(asked(a_gate(), policy_sha256=None).remarks)


@pytest.mark.parametrize("forced", [False, True])
def test_a_withdrawn_version_is_refused_whoever_insists(forced: bool):
    answer = asked(a_gate(), a_withdrawal(day=1), forced=forced)
    assert "was withdrawn on 2026-03-02 by ana (leaks the label)" in (answer.refused or "")


@pytest.mark.parametrize("forced", [False, True])
@pytest.mark.parametrize("state", ["unreadable", "incomplete", "foreign"])
def test_a_version_without_a_record_is_refused_whoever_insists(forced: bool, state):
    version = a_version(state=state, record=None, problem="version.json is not JSON")
    assert "can't be deployed, since version.json is not JSON" in (
        asked(a_gate(), version=version, forced=forced).refused or ""
    )


def test_a_version_whose_artifact_is_gone_is_refused_unless_forced():
    version = a_version(files=FILES[1:])
    assert "no artifact model.pkl in the registry" in (asked(a_gate(), version=version).refused or "")
    assert asked(a_gate(), version=version, forced=True).refused is None


def test_a_file_that_can_not_be_read_and_may_be_a_newer_gate_or_a_withdrawal_refuses():
    for file in (unreadable("gate", day=1), unreadable("withdrawal", environment="all")):
        assert "may be about churn 12" in (asked(a_gate(), files=[file]).refused or "")
    for file in (unreadable("gate", day=-1), unreadable("deployment", day=1), unreadable("approval", day=1)):
        assert asked(a_gate(), files=[file]).refused is None


def test_environments_that_were_skipped_are_recorded_and_said():
    answer = asked(a_gate(), a_deployment(environment="dev"), a_deployment(environment="test", outcome="failed"))
    assert answer.refused is None
    assert answer.skipped == ("test",)
    assert "never served test" in " ".join(answer.remarks)


def test_the_first_environment_and_one_out_of_the_order_skip_nothing():
    assert asked(a_gate(environment="dev"), environment="dev").skipped == ()
    assert asked(a_gate(environment="canary"), environment="canary").skipped == ()


def test_a_dirty_version_and_one_that_is_live_already_are_said():
    version = a_version(record=dataclasses.replace(a_record(version="12"), code=Code(commit="0" * 40, dirty=True)))
    remarks = " ".join(asked(a_gate(), a_deployment(day=1), version=version).remarks)
    assert "changes that no commit has" in remarks
    assert "is live in prod already, since 2026-03-02" in remarks
