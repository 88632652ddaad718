from __future__ import annotations

from dataclasses import replace

from lean_core.checkpoint.checks import check_deployment
from lean_core.checkpoint.definition import Undefined
from lean_core.releases import DrillEvidence
from tests.checkpoint.builders import NOW, a_claim, a_deployed, about
from tests.releases.builders import a_deployment, a_drill, on

NEVER = DrillEvidence(state="never", sentence="Never.", drill=None, age=None)
SETTLED = a_claim("console.churn", says="none")


def test_a_recorded_command_with_its_file_and_a_drill_answers_it():
    check = check_deployment(about(SETTLED), a_deployed())
    assert (check.status, check.news, check.score) == ("answered", "good", 1)
    assert check.sentence == "It is deployed by “make deploy”."
    assert "The last deployment succeeded in 4.0 s." in check.details


def test_a_claim_beside_the_records_does_not_make_the_answer_a_claim():
    assert all(each.kind == "derived" for each in check_deployment(about(SETTLED), a_deployed()).evidence)


def test_without_a_deployment_it_is_missing():
    check = check_deployment(about(), a_deployed(last=None))
    assert (check.status, check.action and check.action.command) == (
        "missing",
        "lean-mlops deploy churn VERSION --env prod --run CMD",
    )


def test_a_deployment_that_does_not_say_how_is_missing():
    check = check_deployment(about(), a_deployed(last=a_deployment("12", day=9, how=None)))
    assert check.status == "missing"
    assert check.sentence == "How version 12 was deployed on 2026-03-10 was not recorded."


def test_a_command_that_no_file_defines_is_missing():
    check = check_deployment(about(), a_deployed(definition=Undefined(sentence="No file defines it.")))
    assert (check.status, check.sentence) == ("missing", "No file defines it.")


def test_a_file_that_no_commit_has_is_bad_news():
    deployed = a_deployed()
    uncommitted = replace(deployed.definition, committed=False)
    check = check_deployment(about(SETTLED), replace(deployed, definition=uncommitted))
    assert (check.status, check.news) == ("answered", "bad")


def test_a_failed_deployment_is_bad_news():
    last = a_deployment("12", day=9, outcome="failed", seconds=2.0)
    check = check_deployment(about(SETTLED), a_deployed(last=last))
    assert (check.status, check.news) == ("answered", "bad")


def test_half_a_year_without_a_deployment_or_drill_makes_it_stale():
    check = check_deployment(about(now=on(9 + 180)), a_deployed())
    assert check.status == "stale"
    assert check.sentence == "It was last deployed on 2026-03-10: nobody knows whether “make deploy” still works."


def test_going_back_that_was_never_tried_leaves_the_news_unknown():
    check = check_deployment(about(SETTLED), a_deployed(drill=NEVER))
    assert (check.status, check.news) == ("answered", "unknown")
    assert check.action
    assert check.action.command == "lean-mlops drill churn --env prod"


def test_a_real_rollback_is_as_good_as_a_drill():
    back = a_deployment("11", day=9.5, rollback_of="12")
    check = check_deployment(about(SETTLED), a_deployed(drill=NEVER, rollback=back))
    assert check.news == "good"


def test_a_drill_that_failed_is_bad_news():
    drill = a_drill("11", day=9.5, outcome="failed", reason="no lock file.")
    failed = DrillEvidence(state="failed", sentence="It failed.", drill=drill, age=NOW - drill.at)
    check = check_deployment(about(SETTLED), a_deployed(drill=failed))
    assert (check.status, check.news) == ("answered", "bad")


def test_console_settings_of_which_nobody_spoke_leave_the_news_unknown():
    assert check_deployment(about(), a_deployed()).news == "unknown"
    assert check_deployment(about(a_claim("console.churn", days=-1)), a_deployed()).news == "unknown"
