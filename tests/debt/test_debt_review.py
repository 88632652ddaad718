"""Reviews of the whole log, and markers in the code that somebody decided on."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.scan import Marker
from lean_core.errors import DebtRefused
from lean_core.store import entries
from tests.debt.builders import a_log, some_fields
from tests.repo import Repo


@pytest.fixture
def log(tmp_path, clock):
    return a_log(tmp_path / "workspace")


def a_marker(**fields):
    return Marker(
        **{"path": "src/serve.py", "line": 7, "word": "TODO", "text": "add TLS", "fingerprint": "f1", **fields}
    )


def journal_of(log, noun, subject):
    with log.store.read() as cursor:
        return entries(cursor, noun=noun, subject=subject)


def test_nobody_reviewed_a_new_log(log):
    assert log.debt_review() is None


def test_the_newest_review_counts_and_knows_how_much_was_open(log, clock):
    log.review_debt(actor="ana")
    log.add_debt(some_fields(), actor="ana")
    log.add_debt(some_fields(status="dropped", reason="a double"), actor="ana")
    clock.advance(days=3)
    review = log.review_debt(actor="ben", note=" with the founders ")
    assert log.debt_review() == review
    assert (review.reviewed_at, review.reviewed_by, review.note, review.open_items) == (
        clock.time,
        "ben",
        "with the founders",
        1,
    )
    (entry,) = journal_of(log, "debt review", clock.time.isoformat())
    assert (entry.actor, entry.after) == ("ben", {"note": "with the founders", "open_items": 1})


def test_a_review_is_no_novel(log):
    with pytest.raises(DebtRefused, match="has 2001 characters; 2000 are allowed"):
        log.review_debt(actor="ana", note="x" * 2001)
    assert log.debt_review() is None


def test_a_review_is_plain_text(log):
    with pytest.raises(DebtRefused, match="control characters"):
        log.review_debt(actor="ana", note="bell \x07")
    assert log.review_debt(actor="ana", note="two\r\nlines").note == "two\nlines"


def test_what_the_code_admits_is_offered_once(log):
    Repo(log.folder).commit("Serve", {"serve.py": "# TODO: add TLS\n# FIXME(ben): add tests\n"})
    tls, tests = log.scan_debt(lambda _: None).markers
    log.take_markers([tls], actor="ana")
    assert log.scan_debt(lambda _: None).markers == (tests,)
    log.dismiss_markers([tests], actor="ana")
    assert log.scan_debt(lambda _: None).markers == ()


def test_a_marker_becomes_an_item_and_is_decided_on(log):
    marker = a_marker(owner="ben", until=dt.date(2027, 1, 1))
    (item,) = log.take_markers([marker], actor="ana")
    assert (item.title, item.owner, item.trigger, item.location) == (
        "add TLS",
        "ben",
        "date >= 2027-01-01",
        "src/serve.py:7",
    )
    assert decided(log) == {"f1"}
    (entry,) = journal_of(log, "debt marker", "f1")
    assert (entry.actor, entry.before, entry.after) == ("ana", None, {"item": "D-1"})


def test_a_marker_that_two_take_becomes_one_item(log):
    items = log.take_markers([a_marker()], actor="ana")
    other = a_marker(fingerprint="f2", text="add tests")
    assert [item.id for item in log.take_markers([a_marker(), other], actor="ben")] == ["D-1", "D-2"]
    assert [item.updated_by for item in items] == ["ana"]


def test_a_dismissed_marker_makes_no_item_and_can_still_be_taken(log):
    log.dismiss_markers([a_marker()], actor="ana")
    assert (decided(log), log.debt_items()) == ({"f1"}, [])
    (item,) = log.take_markers([a_marker()], actor="ben")
    assert [entry.after["item"] for entry in journal_of(log, "debt marker", "f1")] == [item.id, None]


def test_a_marker_that_became_an_item_is_not_dismissed(log):
    log.take_markers([a_marker()], actor="ana")
    log.dismiss_markers([a_marker()], actor="ben")
    assert len(journal_of(log, "debt marker", "f1")) == 1


def test_of_markers_all_become_items_or_none(log):
    with pytest.raises(DebtRefused, match=r"^a new debt item: The title must be one line"):
        log.take_markers([a_marker(), a_marker(fingerprint="f2", text="two\nlines")], actor="ana")
    assert (decided(log), log.debt_items()) == (set(), [])


def decided(log):
    from lean_core.debt import decided as read

    with log.store.read() as cursor:
        return read(cursor)
