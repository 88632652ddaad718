"""What the index holds, and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lean_core.registry.index import table
from lean_core.registry.read import Trail, as_trail, newest_first
from lean_core.registry.version import Version

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """How far the index can be trusted."""

    state: Literal["never", "ok", "stale"]
    """``stale``: the registry could not be read the last time, so it may hold something else by now."""
    last_success: dt.datetime | None = None
    last_attempt: dt.datetime | None = None
    message: str | None = None
    """Why the last attempt failed."""


def index_state(cursor: duckdb.DuckDBPyConnection, uri: str) -> IndexState:
    """Return how far the index of the registry at ``uri`` can be trusted."""
    last = table.last_attempt(cursor)
    if last is None or last.uri != uri:
        return IndexState(state="never")
    return IndexState(
        state="never" if last.last_success is None else "ok" if last.message is None else "stale",
        last_success=last.last_success,
        last_attempt=last.last_attempt,
        message=last.message,
    )


def indexed_models(cursor: duckdb.DuckDBPyConnection) -> list[table.Model]:
    """Return the models, by name."""
    return table.models(cursor)


def indexed_versions(cursor: duckdb.DuckDBPyConnection, model: str) -> list[Version]:
    """Return the versions of a model, the newest first."""
    return newest_first(table.versions(cursor, model))


def indexed_version(cursor: duckdb.DuckDBPyConnection, model: str, version: str) -> Version | None:
    """Return one version, or None where there is none."""
    found = table.versions(cursor, model, version)
    return found[0] if found else None


def indexed_trail(cursor: duckdb.DuckDBPyConnection, model: str | None = None, version: str | None = None) -> Trail:
    """Return what happened to all models or one, to all versions or one; what can't be read may be about any."""
    return as_trail(table.events(cursor, model, version))
