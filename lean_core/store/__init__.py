"""The workspace's one DuckDB file: open it, bring its schema up to date, journal what a person changes."""

from lean_core.store.answers import first_row, scalar
from lean_core.store.contents import TableCount
from lean_core.store.journal import Change, JournalEntry, entries, record
from lean_core.store.store import Store

__all__ = ["Change", "JournalEntry", "Store", "TableCount", "entries", "first_row", "record", "scalar"]
