"""Write what people of the demo said into the workspace's file: each thing on its day, by its own function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lean_core.checkpoint import Claim
from lean_core.checkpoint.claim import make_claim
from lean_core.debt import Edit, add_item, change_items, record_review
from lean_core.debt.edit import find_item
from lean_core.demo import past
from lean_core.demo.claims import tell_claims
from lean_core.demo.debt import Added, Changed, Entry, Reviewed, tell_debt
from lean_core.errors import UnavailableError
from lean_core.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A claim, or an entry of the debt log."""

    at: dt.datetime
    """Naive UTC."""
    what: Claim | Entry


def write_down(store: Store, now: dt.datetime) -> Iterator[str]:
    """Write everything in the order in which it was said; yield a sentence before the first.

    Args:
        store: the workspace's file, which is made.
        now: when the demo is made; naive UTC.
    """
    entries, claims = tell_debt(now.date()), tell_claims(now)
    items = sum(isinstance(entry, Added) for entry in entries)
    yield f"Writing {items} shortcuts and {len(claims)} claims down"
    said = [
        *(Said(at=claim.claimed_at, what=claim) for claim in claims),
        *(Said(at=now - dt.timedelta(days=entry.days_ago), what=entry) for entry in entries),
    ]
    with store.read():  # opened once for all
        for each in sorted(said, key=lambda each: each.at):
            with past.at(each.at):
                _write(store, each.what)


def _write(store: Store, what: Claim | Entry) -> None:
    with store.write() as cursor:
        match what:
            case Claim():
                make_claim(cursor, what)
            case Added():
                add_item(cursor, what.fields, actor=what.by)
            case Changed():
                seen = find_item(cursor, what.item).revision
                outcome = change_items(cursor, [Edit(id=what.item, seen=seen, changes=what.changes)], actor=what.by)
                if not outcome.saved:
                    raise UnavailableError(f"{what.item} of the demo's debt log was not changed")
            case Reviewed():
                record_review(cursor, actor=what.by, note=what.note)
