from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import UsageError
from lean_core.workbench import Workbench
from tests.checkpoint.builders import NOW, a_claim


@pytest.fixture
def bench(make_workspace, clock) -> Workbench:
    clock.time = NOW
    return Workbench.open(make_workspace())


def test_a_claim_is_kept_with_who_made_it_and_until_when(bench: Workbench):
    claim = a_claim(value=dt.date(2027, 3, 31), link="https://example.org/contract")
    bench.claim(claim)
    assert bench.claims() == [claim]
    (entry,) = bench.changes("claim", claim.subject)
    assert (entry.actor, entry.action) == ("ana", "create")


@pytest.mark.parametrize("value", [3, 2.5, True, False, "a word", dt.date(2027, 3, 31), None])
def test_a_value_of_each_type_is_read_as_it_was_written(bench: Workbench, value: object):
    bench.claim(a_claim(value=value))
    (claim,) = bench.claims()
    assert (claim.value, type(claim.value)) == (value, type(value))


def test_a_second_claim_on_a_subject_takes_the_place_of_the_first_and_the_journal_keeps_both(bench: Workbench):
    bench.claim(a_claim(says="never"))
    bench.claim(a_claim(says="in May"))
    assert [claim.says for claim in bench.claims()] == ["in May"]
    newest, _ = bench.changes("claim", "debt.none.migration")
    assert newest.before
    assert newest.after
    assert (newest.before["says"], newest.after["says"]) == ("never", "in May")


def test_a_claim_can_be_withdrawn_and_only_once(bench: Workbench):
    bench.claim(a_claim())
    bench.withdraw_claim("debt.none.migration", actor="ben")
    assert bench.claims() == []
    with pytest.raises(UsageError, match="nobody claims anything about"):
        bench.withdraw_claim("debt.none.migration", actor="ben")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": "nodots"}, "words joined by dots"),
        ({"subject": "a. b"}, "words joined by dots"),
        ({"says": "  "}, "one line of 1 to 500"),
        ({"says": "two\nlines"}, "one line of 1 to 500"),
        ({"link": "javascript:alert(1)"}, "http:// or https://"),
        ({"link": "https://ana:pw@example.org"}, "without a user"),
        ({"good_until": NOW}, "must be good for a while"),
        ({"says": "the key is AKIAIOSFODNN7EXAMPLE"}, "AWS"),
        ({"subject": "debt.AKIAIOSFODNN7EXAMPLE"}, "AWS"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_and_nothing_is_kept(bench: Workbench, changes: dict, words: str):
    with pytest.raises(UsageError, match=words) as refused:
        bench.claim(a_claim(**changes))
    assert "AKIAIOSFODNN7EXAMPLE" not in str(refused.value)
    assert bench.claims() == []
    assert bench.changes("claim", a_claim(**changes).subject) == []


def test_no_secret_of_a_refused_claim_is_in_the_file(bench: Workbench):
    with pytest.raises(UsageError):
        bench.claim(a_claim(says="the key is AKIAIOSFODNN7EXAMPLE"))
    bench.claims()
    assert all(b"AKIAIOSFODNN7EXAMPLE" not in path.read_bytes() for path in Path(bench.folder).glob("lean.duckdb*"))
