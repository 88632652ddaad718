from __future__ import annotations

import pytest

from lean_core.registry import Attestation, CheckResult
from lean_core.releases import tell
from tests.releases.builders import (
    a_deployment,
    a_drill,
    a_gate,
    a_waiver,
    a_withdrawal,
    an_approval,
    shared,
)

GATE = "20260301T120000000Z-gate-prod-9b07e1"
CHECKS = (
    CheckResult(name="metrics.auc", verdict="pass"),
    CheckResult(name="data", verdict="fail"),
    CheckResult(name="business", verdict="unknown"),
    CheckResult(name="baseline.auc", verdict="fail", waived_by="x"),
)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (a_deployment(gate=GATE), "ana deployed churn 12 to prod by “make deploy”."),
        (
            a_deployment(gate=GATE, seconds=12.3, target="eu-1", note="hotfix", skipped=("dev", "test")),
            "ana deployed churn 12 to prod (eu-1) by “make deploy” in 12 s, skipping dev and test: “hotfix”.",
        ),
        (
            a_deployment(outcome="failed", gate=GATE, seconds=3.21, exit_code=2),
            "ana tried to deploy churn 12 to prod by “make deploy” for 3.2 s, which failed with code 2.",
        ),
        (
            a_deployment(how=None, reason="the demo\nis at nine"),
            "ana deployed churn 12 to prod, forced without a passing gate: “the demo is at nine”.",
        ),
        (a_deployment(how=None), "ana deployed churn 12 to prod, with neither a gate nor a reason."),
        (a_deployment(how=None, rollback_of="13"), "ana rolled churn in prod back from 13 to 12."),
        (
            a_deployment(how=None, rollback_of="13", outcome="failed"),
            "ana tried to roll churn in prod back from 13 to 12, which failed.",
        ),
        (a_gate(), "churn 12 passed the gate for prod (1 of 1 checks), asked by ana."),
        (
            a_gate(verdict="fail", checks=CHECKS),
            "churn 12 failed the gate for prod, failed: data, unknown: business, waived: baseline.auc, asked by ana.",
        ),
        (a_gate(baseline="11"), "churn 12 passed the gate for prod (1 of 1 checks), against 11, asked by ana."),
        (
            a_gate(notes=("It was registered from a dirty tree.",)),
            "churn 12 passed the gate for prod (1 of 1 checks), asked by ana: “It was registered from a dirty tree.”",
        ),
        (a_gate(verdict="unknown", checks=()), "churn 12 could not be judged by the gate for prod, asked by ana."),
        (an_approval(self=True, note="fine"), "ben approved churn 12 for prod, their own version: “fine”."),
        (
            Attestation(**shared("attestation", "12", 0, None), item="load test", by="ana"),
            "ana attested “load test” of churn 12.",
        ),
        (
            a_waiver(),
            "ben waived the check metrics.auc of churn 12 for prod until 2026-03-31 12:00 UTC: “new market”.",
        ),
        (a_withdrawal(), "ana withdrew churn 12: “leaks the label”."),
        (a_withdrawal(environment="prod"), "ana withdrew churn 12 from prod: “leaks the label”."),
        (a_drill(), "ana rehearsed rolling churn in prod back from 13 to 12, and it would work (1.5 s)."),
        (
            a_drill(outcome="failed", reason="It is gone."),
            "ana rehearsed rolling churn in prod back from 13 to 12, and it would not work (1.5 s): “It is gone.”",
        ),
    ],
)
def test_every_event_is_one_english_sentence(event, sentence: str):
    assert tell(event) == sentence
