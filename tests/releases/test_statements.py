from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import UsageError
from lean_core.registry import Gate, Withdrawal
from lean_core.releases.statements import approve, attest, read_until, waive, withdraw
from tests.releases.gate_registry import NOW, GateRegistry

POLICY = 'metrics.auc = {min = 0.8}\nchecklist = ["Model card reviewed"]\napprovals = {by = ["bo", "Ana P"]}'
DAY = dt.timedelta(days=1)


@pytest.fixture
def registry(tmp_path: Path) -> GateRegistry:
    registry = GateRegistry(tmp_path)
    registry.add_version("7", {"auc": 0.9}, created_by="Ana P")
    return registry


def test_an_approval_names_who_and_what_was_seen(registry: GateRegistry):
    gate = registry.add_event(Gate, "7", verdict="pass", policy_sha256="a" * 64)
    approval = approve(registry.case("7", POLICY), registry.asked("approval", actor="bo"), saw=(), note=" fine\nby me ")
    assert (approval.by, approval.actor, approval.self) == ("bo", "bo", False)
    assert (approval.saw, approval.note, approval.environment) == ((gate.id,), "fine by me", "prod")


def test_an_approval_of_ones_own_version_says_so(registry: GateRegistry):
    approval = approve(registry.case("7", POLICY), registry.asked("approval", actor="ana  p"), saw=(), note=None)
    assert approval.self
    assert approval.saw == ()


def test_what_was_seen_must_be_about_the_version(registry: GateRegistry):
    other = registry.add_event(Gate, "6", verdict="pass", policy_sha256="a" * 64)
    for each in (other.id, "nothing"):
        with pytest.raises(UsageError, match=r"the trail has no event .* about churn 7"):
            approve(registry.case("7", POLICY), registry.asked(), saw=[each], note=None)


def test_who_may_not_approve_is_told_who_may(registry: GateRegistry):
    with pytest.raises(UsageError, match=r"eve may not approve: \[gates.churn.prod\] names bo, Ana P; .* --by"):
        approve(registry.case("7", POLICY), registry.asked(actor="eve"), saw=(), note=None)


def test_an_approval_that_nobody_asked_for_is_refused(registry: GateRegistry):
    with pytest.raises(UsageError, match="asks for no approvals"):
        approve(registry.case("7", "metrics.auc = {min = 1}"), registry.asked(), saw=(), note=None)


def test_an_item_has_to_be_on_the_list(registry: GateRegistry):
    done = attest(registry.case("7", POLICY), registry.asked(), item="Model card reviewed", note=None)
    assert (done.item, done.by) == ("Model card reviewed", "bo")
    with pytest.raises(UsageError, match=r"there is no item 'Model card' on .*: did you mean 'Model card reviewed'\?"):
        attest(registry.case("7", POLICY), registry.asked(), item="Model card", note=None)
    with pytest.raises(UsageError, match=r"there is no item 'x' on .*: there is none"):
        attest(registry.case("7", "approvals = {}"), registry.asked(), item="x", note=None)


def test_a_waiver_names_check_reason_and_end(registry: GateRegistry):
    case = registry.case("7", POLICY)
    waiver = waive(case, registry.asked("waiver"), check="metrics.auc", reason="late labels", until=NOW + 30 * DAY)
    assert (waiver.check, waiver.reason, waiver.by, waiver.expires_at) == (
        "metrics.auc", "late labels", "bo", NOW + 30 * DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"check": "metrics.acu"}, r"there is no check 'metrics.acu' in .*: did you mean 'metrics.auc'\?"),
        ({"check": "withdrawal"}, "there is no check 'withdrawal'"),
        ({"until": NOW}, "has expired already"),
        (
            {"until": NOW + 30 * DAY + dt.timedelta(seconds=1)},
            "longer than the 30 days that .* allows: name a time up to",
        ),
        ({"reason": "  "}, "the reason has to be 1 to 500 characters"),
        ({"reason": "x" * 501}, "the reason has to be 1 to 500 characters"),
        ({"reason": "\x1b[31m"}, "the reason has to be 1 to 500 characters"),
    ],
)
def test_a_waiver_that_makes_no_sense_is_refused(registry: GateRegistry, said: dict, match: str):
    sound = {"check": "metrics.auc", "reason": "late labels", "until": NOW + DAY}
    with pytest.raises(UsageError, match=match):
        waive(registry.case("7", POLICY), registry.asked(), **sound | said)


def test_without_a_policy_there_is_nothing_to_state(registry: GateRegistry):
    with pytest.raises(UsageError, match=r"lean\.toml has no gate for churn in prod: add"):
        attest(registry.case("7"), registry.asked(), item="x", note=None)


def test_a_folder_without_a_record_cannot_be_approved(registry: GateRegistry):
    registry.objects.create("churn/8/model.bin", b"x")
    with pytest.raises(UsageError, match="churn 8 is no version that can be released"):
        approve(registry.case("8", POLICY), registry.asked(), saw=(), note=None)


def test_of_a_withdrawn_version_nothing_more_is_stated(registry: GateRegistry):
    registry.add_event(Withdrawal, "7", environment=None, reason="leaks the label", actor="cy")
    case = registry.case("7", POLICY)
    said = r"churn 7 was withdrawn by cy on 2026-11-15 \(leaks the label\)"
    for state in (
        lambda: approve(case, registry.asked(), saw=(), note=None),
        lambda: attest(case, registry.asked(), item="Model card reviewed", note=None),
        lambda: waive(case, registry.asked(), check="metrics.auc", reason="x", until=NOW + DAY),
        lambda: withdraw(case.version, case.trail, registry.asked(), environment=None, reason="again"),
    ):
        with pytest.raises(UsageError, match=said):
            state()


def test_a_withdrawal_is_for_every_environment_or_for_one(registry: GateRegistry):
    case = registry.case("7", POLICY)
    everywhere = withdraw(case.version, case.trail, registry.asked(), environment=None, reason="leaks the label")
    assert (everywhere.environment, everywhere.reason) == (None, "leaks the label")
    assert withdraw(case.version, case.trail, registry.asked(), environment="prod", reason="x").environment == "prod"


def test_a_version_withdrawn_from_one_environment_can_be_withdrawn_from_all(registry: GateRegistry):
    registry.add_event(Withdrawal, "7", environment="prod", reason="slow")
    case = registry.case("7", POLICY)
    withdraw(case.version, case.trail, registry.asked(), environment=None, reason="leaks the label")
    with pytest.raises(UsageError, match="was withdrawn by"):
        withdraw(case.version, case.trail, registry.asked(), environment="prod", reason="again")


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("14d", NOW + 14 * DAY),
        ("12 h", NOW + dt.timedelta(hours=12)),
        ("2w", NOW + 14 * DAY),
        ("2026-12-24", dt.datetime(2026, 12, 24)),
        ("2026-12-24T18:30", dt.datetime(2026, 12, 24, 18, 30)),
        ("2026-12-24T18:30+02:00", dt.datetime(2026, 12, 24, 16, 30)),
    ],
)
def test_an_end_is_a_date_or_a_duration(written: str, time: dt.datetime):
    assert read_until(written, now=NOW) == time


@pytest.mark.parametrize("written", ["", "soon", "14", "3 months", "2026-13-01", "-3d", "\u0661d"])
def test_another_end_is_refused(written: str):
    with pytest.raises(UsageError, match="is no time: write a date such as 2026-12-24"):
        read_until(written, now=NOW)
