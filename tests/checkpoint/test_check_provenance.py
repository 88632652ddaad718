from __future__ import annotations

import pytest

from lean_core.checkpoint.checks import check_provenance
from tests.checkpoint.builders import NOW, a_claim, a_provenance, a_trace, about


def test_a_record_that_holds_answers_it():
    check = check_provenance(about(), a_provenance())
    assert (check.status, check.news, check.score) == ("answered", "good", 1)
    assert check.sentence == "Version 12 was made by commit of code, data of data, of metrics."


def test_nothing_live_has_nothing_to_trace():
    check = check_provenance(about(), None)
    assert (check.status, check.sentence) == (
        "missing",
        "Nothing is declared live of churn in prod, so there is nothing to trace.",
    )


@pytest.mark.parametrize(
    ("state", "status", "news"),
    [
        ("changed", "contradicted", "bad"),
        ("gone", "missing", "bad"),
        ("unsaid", "missing", "unknown"),
        ("unknown", "missing", "unknown"),
    ],
)
@pytest.mark.parametrize("what", ["code", "data", "metrics"])
def test_one_thing_that_does_not_hold_decides(what: str, state: str, status: str, news: str):
    others = [a_trace(each) for each in ("code", "data", "metrics") if each != what]
    check = check_provenance(about(), a_provenance(*others, a_trace(what, state)))
    assert (check.status, check.news, check.sentence) == (status, news, f"Its {what} is {state}.")
    assert check.score == 0


def test_what_can_not_be_looked_up_may_be_claimed_and_counts_half():
    claim = a_claim("provenance.churn.12.data", says="it is on the old laptop")
    check = check_provenance(about(claim), a_provenance(a_trace("code"), a_trace("data", "unknown")))
    assert (check.status, check.news, check.score) == ("answered", "unknown", 0.5)


def test_a_claim_that_ended_makes_it_stale():
    claim = a_claim("provenance.churn.12.data", days=-1, at=NOW)
    check = check_provenance(about(claim), a_provenance(a_trace("code"), a_trace("data", "unknown")))
    assert check.status == "stale"


def test_no_claim_talks_a_changed_file_away():
    claim = a_claim("provenance.churn.12.metrics")
    check = check_provenance(about(claim), a_provenance(a_trace("metrics", "changed")))
    assert check.status == "contradicted"


def test_a_version_name_with_dots_is_quoted_in_the_command():
    provenance = a_provenance(a_trace("data", "unknown"))
    check = check_provenance(about(), type(provenance)(version="1.2", traces=provenance.traces))
    assert check.action
    assert check.action.command.startswith('lean-mlops claim provenance.churn."1.2".data ')
