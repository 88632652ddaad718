from __future__ import annotations

import pytest

from lean_core.checkpoint.ml_test import SECTIONS, TESTS, score_tests
from lean_core.checkpoint.ml_test.found import find_tests
from lean_core.checkpoint.situation import Situation
from lean_core.registry import CheckResult
from tests.checkpoint.builders import NOW, a_claim, a_deployed, a_log, a_provenance, a_state, a_watch, about
from tests.releases.builders import a_deployment, a_gate, on


def a_situation(*checks: CheckResult, **changes) -> Situation:
    gate = a_gate("12", day=8, checks=checks)
    given = {
        "about": about(),
        "state": a_state(gate, a_deployment("12", day=9, gate=gate.id)),
        "observed": None,
        "seen": None,
        "provenance": a_provenance(),
        "deployed": a_deployed(),
        "watches": (),
        "debt": a_log(),
    }
    return Situation(**given | changes)


def test_there_are_seven_tests_in_each_of_four_sections():
    assert [sum(test.section == section for test in TESTS) for section in SECTIONS] == [7, 7, 7, 7]
    assert len({test.asks for test in TESTS}) == 28


def test_nothing_known_scores_nothing():
    score = score_tests(about(), {})
    assert (score.total, score.meaning) == (0, "more of a research project than a system in production")


def test_a_claim_counts_half_until_it_ends():
    claim = a_claim("ml_test.churn.data.1", days=30)
    assert score_tests(about(claim), {}).points("data") == 0.5
    assert score_tests(about(claim, now=on(41)), {}).points("data") == 0


def test_the_weakest_section_is_the_score():
    claims = [a_claim(f"ml_test.churn.{test.id}") for test in TESTS if test.section != "model"]
    score = score_tests(about(*claims), {})
    assert ([score.points(section) for section in SECTIONS], score.total) == ([3.5, 0, 3.5, 3.5], 0)


def test_all_claimed_is_reasonably_tested():
    score = score_tests(about(*(a_claim(f"ml_test.churn.{test.id}") for test in TESTS)), {})
    assert (score.total, score.meaning) == (3.5, "strongly tested and monitored, fit for what must not fail")


def test_a_gate_that_passed_answers_what_it_checked():
    passed = [
        CheckResult(name=name, verdict="pass") for name in ("data.customers.rows", "transformation.scale", "approvals")
    ]
    found = find_tests(a_situation(*passed, watches=[a_watch("stale")]))
    assert set(found) == {"infrastructure.4", "infrastructure.7", "data.1", "data.7", "model.1", "monitoring.4"}
    assert score_tests(about(), found).points("data") == 2


@pytest.mark.parametrize(
    "check",
    [
        CheckResult(name="data.customers.rows", verdict="unknown"),
        CheckResult(name="data.customers.rows", verdict="pass", waived_by="w"),
    ],
)
def test_a_check_that_did_not_count_answers_nothing(check: CheckResult):
    assert "data.1" not in find_tests(a_situation(check))


def test_a_version_that_was_forced_answers_nothing_by_its_gate():
    forced = a_state(a_deployment("12", day=9, reason="now"))
    assert set(find_tests(a_situation(state=forced))) == {"infrastructure.7"}


def test_evidence_of_a_machine_goes_before_a_claim():
    found = find_tests(a_situation())
    answers = score_tests(about(a_claim("ml_test.churn.infrastructure.4")), found).answers
    (answer,) = [each for each in answers if each.test.id == "infrastructure.4"]
    assert (answer.points, answer.evidence and answer.evidence.kind) == (1, "derived")
    assert answer.evidence
    assert answer.evidence.observed_at < NOW
