"""A review: somebody went through the whole log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.debt import table
from lean_core.debt.rules import has_control_characters
from lean_core.debt.secrets import refuse_secrets
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

NOUN = "debt review"
LONGEST_NOTE = 2000
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """That somebody went through the whole log."""

    reviewed_at: dt.datetime
    """Naive UTC."""
    reviewed_by: str
    note: str
    open_items: int
    """How many items were not over."""


def record_review(cursor: duckdb.DuckDBPyConnection, *, actor: str, note: str = "") -> Review:
    """Keep that somebody went through the whole log now.

    Raises:
        DebtRefused: the note is too long or no plain text, or holds what looks like a credential.
    """
    refuse_secrets({"note": note, "actor": actor}, where="the review")
    note = note.replace("\r\n", "\n").strip()
    if has_control_characters(note):
        raise DebtRefused("the note of a review has control characters in it: type it anew")
    if len(note) > LONGEST_NOTE:
        raise DebtRefused(f"the note of a review has {len(note)} characters; {LONGEST_NOTE} are allowed")
    open_items = sum(not item.ended for item in table.all_items(cursor))
    review = Review(reviewed_at=clock.now(), reviewed_by=actor, note=note, open_items=open_items)
    table.put_review(cursor, (review.reviewed_at, actor, note, open_items))
    _record(cursor, review)
    return review


def last_review(cursor: duckdb.DuckDBPyConnection) -> Review | None:
    """Return the newest review, or None where nobody ever made one."""
    row = table.newest_review(cursor)
    if row is None:
        return None
    reviewed_at, reviewed_by, note, open_items = row
    return Review(reviewed_at=reviewed_at, reviewed_by=reviewed_by, note=note, open_items=open_items)


def _record(cursor: duckdb.DuckDBPyConnection, review: Review) -> None:
    from lean_core.store import Change, record  # late: it brings duckdb

    after = {"note": review.note, "open_items": review.open_items}
    subject = review.reviewed_at.isoformat()
    record(cursor, Change(actor=review.reviewed_by, noun=NOUN, subject=subject, after=after))
