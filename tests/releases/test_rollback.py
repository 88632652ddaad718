from __future__ import annotations

from lean_core.releases import Candidate, NoWayBack, choose_candidate, find_candidates
from tests.releases.builders import a_deployment, a_gate, a_trail, a_withdrawal, on


def names(*events) -> list[str]:
    return [candidate.version for candidate in find_candidates(a_trail(*events), "prod")]


def chosen(*events, version: str | None = None) -> str:
    found = choose_candidate(a_trail(*events), "prod", version)
    return found.version if isinstance(found, Candidate) else found.sentence


def test_only_versions_that_served_this_environment_are_candidates():
    events = [
        a_deployment("11"),
        a_deployment("12", day=1),
        a_deployment("13", day=2, environment="test"),
        a_deployment("14", day=3, outcome="failed"),
        a_gate("15", day=4),
        a_deployment("16", day=5),
    ]
    assert names(*events) == ["12", "11"]


def test_the_last_that_served_comes_first_whatever_its_number():
    assert names(a_deployment("9"), a_deployment("10", day=1), a_deployment("8", day=2), a_deployment("11", day=3)) == [
        "8",
        "10",
        "9",
    ]


def test_a_version_that_served_twice_is_one_candidate_from_its_last_time():
    events = [a_deployment("11"), a_deployment("12", day=1), a_deployment("11", day=2), a_deployment("13", day=3)]
    (first, _) = find_candidates(a_trail(*events), "prod")
    assert (first.version, first.served_from, first.served_until) == ("11", on(2), on(3))


def test_the_live_version_is_no_candidate_even_if_it_served_before():
    assert names(a_deployment("11"), a_deployment("12", day=1), a_deployment("11", day=2)) == ["12"]


def test_a_withdrawn_version_is_no_candidate():
    events = [a_deployment("11"), a_deployment("12", day=1), a_deployment("13", day=2), a_withdrawal("12", day=3)]
    assert names(*events) == ["11"]
    assert "withdrawn" in chosen(*events, version="12")


def test_going_back_twice_does_not_return_to_the_version_that_was_undone():
    events = [
        a_deployment("11"),
        a_deployment("12", day=1),
        a_deployment("13", day=2),
        a_deployment("12", day=3, rollback_of="13"),
    ]
    assert names(*events) == ["13", "11"]
    assert chosen(*events) == "11"
    assert chosen(*events, version="13") == "13"


def test_where_all_that_served_was_undone_one_must_be_named():
    events = [a_deployment("11"), a_deployment("12", day=1), a_deployment("11", day=2, rollback_of="12")]
    assert chosen(*events).endswith("name one of 12 with --to, or deploy another version")


def test_each_reason_for_no_way_back_is_its_own():
    assert "no deployment of churn in prod" in chosen(a_gate())
    assert "no other version that served churn in prod" in chosen(a_deployment("12"))
    assert "12 is live in prod already" in chosen(a_deployment("12"), version="12")
    assert "7 never served churn in prod: name one of 11" in chosen(
        a_deployment("11"), a_deployment("12", day=1), version="7"
    )


def test_a_refusal_is_a_value():
    assert isinstance(choose_candidate(a_trail(), "prod", None), NoWayBack)
