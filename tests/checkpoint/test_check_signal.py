from __future__ import annotations

import pytest

from lean_core.checkpoint.checks import check_signal
from tests.checkpoint.builders import NOW, a_claim, a_watch, about
from tests.releases.builders import on

BOTH = ("broken", "stale")


def test_one_signal_for_broken_and_one_for_stale_answer_it():
    check = check_signal(about(), [a_watch("broken"), a_watch("stale")])
    assert (check.status, check.news, check.score) == ("answered", "good", 1)
    assert check.sentence.startswith("The broken watch tells when it is broken (it answers; owner ana): It answers.")


@pytest.mark.parametrize("lacking", BOTH)
def test_one_kind_alone_is_not_enough(lacking: str):
    check = check_signal(about(), [a_watch(tells) for tells in BOTH if tells != lacking])
    assert (check.status, check.sentence) == ("missing", f"Nothing would show that churn in prod is {lacking}.")
    assert check.action


def test_a_signal_that_has_not_reported_within_its_limit_does_not_count():
    check = check_signal(about(), [a_watch("broken"), a_watch("stale", at=on(8))])
    assert (check.status, check.news) == ("stale", "bad")
    assert "has not reported since 2026-03-09 12:00 UTC" in check.sentence


def test_a_signal_that_tells_nothing_is_missing_with_its_reason():
    check = check_signal(about(), [a_watch("broken"), a_watch("stale", at=None)])
    assert (check.status, check.news) == ("missing", "unknown")
    assert "does not: nobody set it up." in check.sentence


def test_an_alarm_is_bad_news_and_an_answer():
    check = check_signal(about(), [a_watch("broken", alarmed=True), a_watch("broken"), a_watch("stale")])
    assert (check.status, check.news) == ("answered", "bad")


def test_what_a_person_claims_counts_half():
    claims = [a_claim(f"signal.churn.{tells}") for tells in BOTH]
    check = check_signal(about(*claims), [])
    assert (check.status, check.news, check.score) == ("answered", "unknown", 0.5)


def test_a_claim_that_ended_makes_it_stale():
    claims = [a_claim("signal.churn.broken"), a_claim("signal.churn.stale", days=-1, at=NOW)]
    assert check_signal(about(*claims), []).status == "stale"
