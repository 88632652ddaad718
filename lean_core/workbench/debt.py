"""What a workbench does with the debt log."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core import clock
from lean_core.workbench.signals import SignalsBench

if TYPE_CHECKING:
    import duckdb

    from lean_core.debt import Change, Edit, ImportReport, Item, Outcome, Review
    from lean_core.debt.exchange import Plan, Table
    from lean_core.debt.scan import Marker, Scan

Tell = Callable[[str], None]
Form = Literal["md", "csv", "json"]

_ONE_AT_A_TIME = threading.Lock()
"""Threads of one process see the log as it was when they began, so two that write at once would not see each other."""


@dataclass(frozen=True, kw_only=True)
class DebtBench(SignalsBench):
    """Shortcuts: read, write, take back, review."""

    def debt_items(self) -> list[Item]:
        """Return every item of the log, what hurts most first."""
        from lean_core.debt import all_items, sort_items

        with self.store.read() as cursor:
            return sort_items(all_items(cursor))

    def debt_item(self, id: str) -> Item | None:  # noqa: A002 - the field's name
        """Return an item; upper and lower case are the same."""
        from lean_core.debt import item_of

        with self.store.read() as cursor:
            return item_of(cursor, id)

    def add_debt(self, fields: Mapping[str, object], *, actor: str) -> Item:
        """Add an item to the log and return it.

        Raises:
            DebtRefused: it can't be so, or a text holds what looks like a credential.
        """
        from lean_core.debt import add_item

        with self._write_debt() as cursor:
            return add_item(cursor, fields, actor=actor)

    def edit_debt(self, edits: Sequence[Edit], *, actor: str) -> Outcome:
        """Change items, all or none.

        Raises:
            DebtRefused: an item is not there, can't be so, or a text holds what looks like a credential.
        """
        from lean_core.debt import change_items

        with self._write_debt() as cursor:
            return change_items(cursor, edits, actor=actor)

    def debt_history(self, id: str) -> list[Change]:  # noqa: A002 - the field's name
        """Return what was done to an item, newest first; nothing where there is none.

        Raises:
            StoreError: the workspace's file can't be read.
        """
        from lean_core.debt import history_of, item_of, tell_history

        with self.store.read() as cursor:
            item = item_of(cursor, id)
            return tell_history(history_of(cursor, item)) if item else []

    def revert_debt(self, id: str, entry: int, *, actor: str) -> Outcome:  # noqa: A002 - the field's name
        """Take a change of an item back, as a new change.

        Raises:
            DebtRefused: there is no such item or change, or without it the item can't be so.
        """
        from lean_core.debt import revert

        with self._write_debt() as cursor:
            return revert(cursor, id, entry, actor=actor)

    def review_debt(self, *, actor: str, note: str = "") -> Review:
        """Keep that somebody went through the whole log now.

        Raises:
            DebtRefused: the note is too long, or holds what looks like a credential.
        """
        from lean_core.debt import record_review

        with self._write_debt() as cursor:
            return record_review(cursor, actor=actor, note=note)

    def debt_review(self) -> Review | None:
        """Return the newest review of the log, or None where nobody ever made one."""
        from lean_core.debt import last_review

        with self.store.read() as cursor:
            return last_review(cursor)

    # Markers in the code

    def scan_debt(self, tell: Tell) -> Scan:
        """Find the comments in the repository that admit a shortcut, and that nobody decided on."""
        from lean_core.debt import decided
        from lean_core.debt.scan import scan

        with self.store.read() as cursor:
            known = decided(cursor)
        return scan(self.repository, decided=known, now=clock.now(), tell=tell)

    def take_markers(self, markers: Sequence[Marker], *, actor: str) -> list[Item]:
        """Log a shortcut for each marker and return them in order; for one that is an item already, that item.

        Raises:
            DebtRefused: one can't be an item; none was logged.
        """
        from lean_core.debt import take_markers

        with self._write_debt() as cursor:
            return take_markers(cursor, markers, actor=actor)

    def dismiss_markers(self, markers: Sequence[Marker], *, actor: str) -> None:
        """Offer markers no more; one that became an item meanwhile stays it."""
        from lean_core.debt import dismiss_markers

        with self._write_debt() as cursor:
            dismiss_markers(cursor, markers, actor=actor)

    # Files

    def read_debt_file(self, name: str, content: bytes | str) -> Table:
        """Read a file of shortcuts, in whichever form it is.

        Raises:
            DebtRefused: no shortcuts were found in it; says what was looked for.
        """
        from lean_core.debt.exchange import read_table

        return read_table(name, content)

    def import_debt(self, plan: Plan, *, actor: str) -> ImportReport:
        """Carry out the plan of an import: all of it, or nothing where there are conflicts.

        Raises:
            DebtRefused: an id was taken meanwhile, or what is in the plan can't be saved.
        """
        from lean_core.debt import import_plan

        with self._write_debt() as cursor:
            return import_plan(cursor, plan, actor=actor)

    def export_debt(self, form: Form = "md") -> str:
        """Return the whole log as Markdown, CSV or JSON; each can be read back."""
        from lean_core.debt import exchange

        writers = {"md": exchange.to_markdown, "csv": exchange.to_csv, "json": exchange.to_json}
        return writers[form](self.debt_items())

    @contextlib.contextmanager
    def _write_debt(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with _ONE_AT_A_TIME, self.store.write() as cursor:
            yield cursor
