"""How a model stands, in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lean_core.checkpoint import NAMES, Check, Checkpoint, Evidence
from lean_core.checkpoint.check import sort_checkpoints
from tests.checkpoint.builders import NOW


def a_check(name: str, status: str = "answered", news: str = "good", kind: str = "derived", **changes) -> Check:
    evidence = Evidence(claim="It is so.", source="x:1", kind=kind, observed_at=NOW)
    given = {"sentence": f"This is {name}.", "evidence": (evidence,), "observed_at": NOW} | changes
    return Check(name=name, status=status, news=news, **given)


def a_checkpoint(**changed: Check) -> Checkpoint:
    checks = tuple(changed.get(name) or a_check(name) for name in NAMES)
    return Checkpoint(model="churn", environment="prod", at=NOW, checks=checks, live="12", since=NOW)


def test_all_answered_from_fresh_evidence_with_good_news_is_ready():
    found = a_checkpoint()
    assert found.standing == "ready"
    assert found.verdict == "Ready: all five questions are answered from fresh evidence."


@pytest.mark.parametrize("status", ["missing", "stale", "contradicted"])
def test_what_is_not_answered_is_counted_and_said(status: str):
    found = a_checkpoint(signal=a_check("signal", status, sentence="Nothing would show that it is stale."))
    assert found.standing == "not ready"
    assert found.verdict == "Not ready: 4 of 5 questions are answered. Nothing would show that it is stale."


def test_bad_news_is_not_ready_although_all_is_answered():
    bad = a_check("deployment", news="bad", details=("The last deployment failed.", "A file defines it."))
    found = a_checkpoint(deployment=bad, debt=a_check("debt", kind="attested"))
    assert found.standing == "bad news"
    assert (
        found.verdict
        == "Not ready: all five questions are answered, and there is bad news. The last deployment failed."
    )


def test_what_nobody_knows_to_be_good_is_not_called_ready():
    found = a_checkpoint(deployment=a_check("deployment", news="unknown", details=("Going back was never rehearsed.",)))
    assert found.standing == "in doubt"
    assert found.verdict.endswith("but not that all is well. Going back was never rehearsed.")


def test_what_rests_on_claims_says_so():
    found = a_checkpoint(debt=a_check("debt", kind="attested", details=("Ana says that nothing blocks it.",)))
    assert found.standing == "claimed"
    assert found.verdict.startswith("Ready, in part on somebody's word")
    assert found.verdict.endswith("Ana says that nothing blocks it.")


def test_a_model_that_is_not_live_is_asked_for_that_first():
    found = replace(
        a_checkpoint(live=a_check("live", "missing", "unknown"), debt=a_check("debt", "missing", "bad")), live=None
    )
    assert found.limit is found.checks[0]


def test_the_models_that_need_somebody_most_come_first():
    ready, claimed = a_checkpoint(), a_checkpoint(debt=a_check("debt", kind="attested"))
    missing = a_checkpoint(signal=a_check("signal", "missing", "unknown"))
    bad = a_checkpoint(signal=a_check("signal", "missing", "bad"))
    nowhere = replace(missing, live=None)
    assert sort_checkpoints([nowhere, ready, claimed, missing, bad]) == [bad, missing, claimed, ready, nowhere]
