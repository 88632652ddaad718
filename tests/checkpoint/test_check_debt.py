from __future__ import annotations

import datetime as dt

import pytest

from lean_core.checkpoint.checks import check_debt
from tests.checkpoint.builders import a_claim, a_log, about, an_item
from tests.releases.builders import on


def test_an_owned_item_with_a_trigger_for_each_need_answers_it():
    check = check_debt(about(), a_log())
    assert (check.status, check.news, check.score) == ("answered", "good", 1)
    assert "D-1 (Deployed by hand) blocks the next migration; ana owns it" in check.sentence


def test_the_item_of_the_highest_risk_is_named():
    check = check_debt(about(), a_log(an_item(), an_item("D-2", title="Open bucket", risk="security", reviewer="eve")))
    assert "D-2 (Open bucket) blocks the next customer" in check.sentence
    assert check.news == "bad"


@pytest.mark.parametrize("ended", ["repaid", "dropped"])
def test_an_item_that_is_over_blocks_nothing(ended: str):
    check = check_debt(about(), a_log(an_item(status=ended)))
    assert (check.status, check.sentence) == (
        "missing",
        "Nobody said which shortcut will block the next migration.",
    )


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"owner": ""}, "no owner"),
        ({"trigger": ""}, "no repayment trigger"),
        ({"severity": "high"}, "no senior reviewer"),
    ],
)
def test_an_item_that_nobody_can_act_on_is_no_answer(changes: dict, lacks: str):
    check = check_debt(about(), a_log(an_item(**changes)))
    assert (check.status, check.news) == ("missing", "bad")
    assert lacks in check.sentence


def test_a_trigger_in_words_is_one():
    assert check_debt(about(), a_log(an_item(trigger="", watch="when we leave the cloud"))).status == "answered"


def test_a_dated_none_counts_half():
    log = a_log(an_item(blocks=("customer", "compliance")))
    check = check_debt(about(a_claim("debt.none.migration")), log)
    assert (check.status, check.score) == ("answered", 0.5)


def test_a_none_that_ended_is_stale():
    log = a_log(an_item(blocks=("customer", "compliance")))
    assert check_debt(about(a_claim("debt.none.migration", days=-1)), log).status == "stale"


def test_a_log_that_nobody_reviewed_for_thirty_days_is_stale():
    log = a_log()
    assert check_debt(about(now=on(9) + dt.timedelta(days=29, hours=23)), log).status == "answered"
    check = check_debt(about(now=on(9) + dt.timedelta(days=30)), log)
    assert (check.status, check.action and check.action.command) == ("stale", "lean-mlops debt review")


def test_a_log_that_nobody_ever_reviewed_is_stale():
    assert check_debt(about(), a_log(reviewed_at=None)).status == "stale"


def test_a_fired_trigger_is_bad_news():
    check = check_debt(about(), a_log(fired={"D-1": "live_models is 3"}))
    assert (check.status, check.news) == ("answered", "bad")
    assert "it is time, since live_models is 3" in check.sentence
