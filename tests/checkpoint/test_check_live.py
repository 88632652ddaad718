from __future__ import annotations

from lean_core.checkpoint.checks import check_live
from lean_core.releases import fold_environment
from tests.checkpoint.builders import a_state, about, an_observation
from tests.releases.builders import a_deployment, a_gate, a_trail, a_withdrawal, on, unreadable


def test_a_running_system_that_agrees_answers_it():
    check = check_live(about(), a_state(), observed=an_observation(), seen=None)
    assert (check.status, check.news, check.score) == ("answered", "good", 1)
    assert check.sentence == "Version 12 of churn is live in prod, since 2026-03-10."
    assert {each.kind for each in check.evidence} == {"observed", "derived"}


def test_without_a_deployment_it_is_missing():
    check = check_live(about(), fold_environment(a_trail(), "prod"), observed=None, seen=None)
    assert (check.status, check.news, check.score) == ("missing", "unknown", 0)
    assert check.action
    assert check.action.command == "lean-mlops deploy churn VERSION --env prod"


def test_a_running_system_that_disagrees_contradicts_it():
    seen = an_observation("disagree", observed="11", sentence="churn in prod runs 11, but 12 is declared live.")
    check = check_live(about(), a_state(), observed=seen, seen=None)
    assert (check.status, check.news) == ("contradicted", "bad")
    assert check.sentence == "churn in prod runs 11, but 12 is declared live."


def test_a_system_that_runs_without_a_deployment_contradicts_the_trail():
    nothing = fold_environment(a_trail(), "prod")
    check = check_live(about(), nothing, observed=an_observation("undeclared"), seen=None)
    assert check.status == "contradicted"


def test_an_answer_of_an_hour_ago_still_counts_where_the_system_does_not_answer_now():
    silent = an_observation("unobservable", observed=None, sentence="It can't be seen.")
    check = check_live(about(), a_state(), observed=silent, seen=an_observation(at=on(9.95)))
    assert (check.status, check.news) == ("answered", "unknown")
    assert any("It can't be seen. It last said so on 2026-03-11 10:48 UTC" in each for each in check.details)


def test_an_answer_of_two_days_ago_is_stale():
    state = a_state(a_deployment("12", day=5))
    silent = an_observation("unobservable", observed=None, sentence="It can't be seen.")
    assert check_live(about(), state, observed=silent, seen=an_observation(at=on(8))).status == "stale"


def test_an_answer_from_before_the_deployment_says_nothing_about_it():
    silent = an_observation("unobservable", observed=None, sentence="It can't be seen.")
    check = check_live(about(), a_state(), observed=silent, seen=an_observation(at=on(8.9)))
    assert (check.status, check.sentence) == ("missing", "It can't be seen.")


def test_without_a_probe_the_deployment_speaks_for_itself_and_its_news_is_not_known():
    unasked = an_observation("unobservable", observed=None, asked=None)
    check = check_live(about(probe=None), a_state(), observed=unasked, seen=None)
    assert (check.status, check.news, check.score) == ("answered", "unknown", 1)
    assert check.action
    assert check.action.command == "[probes.churn.prod] in lean.toml"


def test_a_probe_that_was_not_asked_yet_is_not_called_missing():
    check = check_live(about(), a_state(), observed=None, seen=None)
    assert (check.status, check.news) == ("answered", "unknown")
    assert any("the running system was not asked yet" in each for each in check.details)
    assert check.action
    assert check.action.command == "lean-mlops checkpoint"


def test_a_deployment_that_nothing_confirms_goes_stale():
    unasked = an_observation("unobservable", observed=None, asked=None)
    check = check_live(about(now=on(40)), a_state(), observed=unasked, seen=None)
    assert check.status == "stale"
    assert (
        check.sentence == "Version 12 was deployed on 2026-03-10, and nothing has confirmed since that it still runs."
    )


def test_a_look_that_asks_nobody_uses_what_was_seen_lately():
    assert check_live(about(), a_state(), observed=None, seen=an_observation(at=on(9.5))).status == "answered"
    assert check_live(about(now=on(12)), a_state(), observed=None, seen=an_observation(at=on(9.5))).status == "stale"


def test_a_version_that_was_forced_is_bad_news_though_the_question_is_answered():
    state = a_state(a_deployment("12", day=9, reason="a customer waits"))
    check = check_live(about(), state, observed=an_observation(), seen=None)
    assert (check.status, check.news) == ("answered", "bad")
    assert any("forced without a passing gate: a customer waits" in each for each in check.details)


def test_a_deployment_whose_gate_failed_is_contradicted():
    gate = a_gate("12", day=8, verdict="fail")
    state = a_state(gate, a_deployment("12", day=9, gate=gate.id))
    assert check_live(about(), state, observed=an_observation(), seen=None).status == "contradicted"


def test_a_withdrawn_version_that_is_live_is_bad_news():
    gate = a_gate("12", day=8)
    state = a_state(gate, a_deployment("12", day=9, gate=gate.id), a_withdrawal("12", day=9.5))
    check = check_live(about(), state, observed=an_observation(), seen=None)
    assert check.news == "bad"
    assert check.action
    assert check.action.command == "lean-mlops rollback churn --env prod"


def test_a_file_of_the_trail_that_can_not_be_read_leaves_it_unsure():
    gate = a_gate("12", day=8)
    trail = a_trail(gate, a_deployment("12", day=9, gate=gate.id), unreadable=[unreadable("deployment", day=9.5)])
    check = check_live(about(), fold_environment(trail, "prod"), observed=an_observation(), seen=None)
    assert check.status == "missing"
    assert "damaged" in check.sentence


def test_an_attempt_that_failed_since_is_bad_news():
    gate = a_gate("12", day=8)
    state = a_state(gate, a_deployment("12", day=9, gate=gate.id), a_deployment("13", day=9.5, outcome="failed"))
    check = check_live(about(), state, observed=an_observation(), seen=None)
    assert (check.status, check.news) == ("answered", "bad")
    assert "Deploying version 13 failed on 2026-03-11, and nothing was deployed since." in check.details
