"""The journal: every change that a person makes, written in the transaction of the change itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from lean_core import clock

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One change."""

    entry: int
    """Its number: a later change has a greater one."""
    changed_at: dt.datetime
    actor: str
    noun: str
    """What kind of thing was changed: ``note``, ``view``, ``direction``, ..."""
    subject: str
    """Which one."""
    action: str
    """``create``, ``update`` or ``delete``."""
    before: dict[str, object] | None
    after: dict[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to record."""

    actor: str
    noun: str
    subject: str
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None

    @property
    def action(self) -> str:
        """What happened, from which sides there are."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"


def record(cursor: duckdb.DuckDBPyConnection, change: Change) -> None:
    """Write a change into the journal, within the transaction of ``cursor``."""
    cursor.execute(
        """
        insert into journal (changed_at, actor, noun, subject, action, before, after)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            clock.now(),
            change.actor,
            change.noun,
            change.subject,
            change.action,
            *map(_json, (change.before, change.after)),
        ],
    )


def entries(cursor: duckdb.DuckDBPyConnection, *, noun: str, subject: str) -> list[JournalEntry]:
    """Return the changes of one thing, newest first."""
    rows = cursor.execute(
        """
        select entry, changed_at, actor, noun, subject, action, before, after
        from journal
        where noun = ? and subject = ?
        order by entry desc
        """,
        [noun, subject],
    ).fetchall()
    return [
        JournalEntry(
            entry=entry,
            changed_at=at,
            actor=actor,
            noun=noun,
            subject=subject,
            action=action,
            before=_object(before),
            after=_object(after),
        )
        for entry, at, actor, noun, subject, action, before, after in rows
    ]


def _json(value: Mapping[str, object] | None) -> str | None:
    return None if value is None else msgspec.json.encode(dict(value)).decode()


def _object(text: str | None) -> dict[str, object] | None:
    return None if text is None else msgspec.json.decode(text, type=dict[str, object])
