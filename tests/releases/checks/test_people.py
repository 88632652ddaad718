from __future__ import annotations

import datetime as dt

from lean_core.registry import Approval, Attestation
from lean_core.releases.checks.approvals import check_approvals, judge_approvals
from lean_core.releases.checks.checklist import check_item
from lean_core.settings import ApprovalSettings

AT = dt.datetime(2026, 11, 23, 12)


def shared(hour: int, kind: str) -> dict:
    return {
        "id": f"20261123T{hour:02}0000000Z-{kind}-prod-000000",
        "at": AT.replace(hour=hour),
        "actor": "ana",
        "model": "churn",
        "version": "7",
        "environment": "prod",
    }


def approval(by: str, hour: int = 9, **fields) -> Approval:
    return Approval(**shared(hour, "approval"), by=by, **fields)


def check(*approvals: Approval, registered_by: str | None = "ana", **settings):
    wanted = ApprovalSettings(**settings)
    return check_approvals(judge_approvals(approvals, wanted, registered_by=registered_by), wanted)


def test_one_approval_of_somebody_else_is_enough():
    result = check(approval("bo"))
    assert (result.name, result.verdict, result.value) == ("approvals", "pass", 1.0)
    assert result.reason == "approved by bo"
    assert result.evidence == (approval("bo").id,)


def test_none_fails_and_says_what_to_do():
    result = check()
    assert (result.verdict, result.value) == ("fail", 0.0)
    assert result.reason == "nobody approved it; 1 more needed: run “lean-mlops approve”"


def test_a_person_counts_once():
    result = check(approval("bo", 9), approval("Bo ", 10), count=2)
    assert (result.verdict, result.value) == ("fail", 1.0)


def test_self_approval_does_not_count_and_is_labelled():
    result = check(approval("Ana"))
    assert (result.verdict, result.value) == ("fail", 0.0)
    assert "Ana (self-approval, which does not count here)" in result.reason


def test_self_approval_that_is_allowed_counts_and_is_labelled_all_the_same():
    result = check(approval("ana"), self_approval=True)
    assert (result.verdict, result.reason) == ("pass", "approved by ana (self-approval)")


def test_an_event_that_says_itself_that_it_is_a_self_approval_is_one():
    assert check(approval("bo", self=True)).verdict == "fail"


def test_where_nobody_knows_who_registered_it_an_approval_is_unknown():
    result = check(approval("bo"), registered_by=None)
    assert result.verdict == "unknown"
    assert "who registered the version is not recorded" in result.reason
    assert check(approval("bo"), registered_by=None, count=2).verdict == "fail"
    assert check(approval("bo"), registered_by=None, self_approval=True).verdict == "pass"


def test_only_those_who_may_count():
    result = check(approval("bo"), approval("eve", 10), by=("bo", "cy"), count=2)
    assert (result.verdict, result.value) == ("fail", 1.0)
    assert "eve (does not count: not among those who may approve)" in result.reason
    assert check(approval("bo"), approval("cy", 10), by=("bo", "cy"), count=2).verdict == "pass"


def attestation(item: str, hour: int = 9, **fields) -> Attestation:
    return Attestation(**shared(hour, "attestation"), item=item, by="bo", **fields)


def test_an_item_that_nobody_attested_fails():
    result = check_item("Model card reviewed", [attestation("model card reviewed")])
    assert (result.name, result.verdict) == ("checklist.Model card reviewed", "fail")


def test_an_attested_item_passes_on_the_newest_attestation():
    found = [attestation("Model card reviewed", 10, note="v2"), attestation("Model card reviewed", 9)]
    result = check_item("Model card reviewed", found)
    assert (result.verdict, result.evidence) == ("pass", (found[0].id,))
    assert result.reason == "bo attested “Model card reviewed” on 2026-11-23: v2"
