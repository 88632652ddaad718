"""Which keys and experiments there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def distinct_keys(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Return which keys exist, by kind."""
    found = {
        kind: cursor.execute(f"select distinct key from {name} order by key").fetchall()  # noqa: S608
        for kind, name in (("metric", "metric"), ("param", "param"), ("tag", "tag"), ("local", "local_tag"))
    }
    return {kind: tuple(key for (key,) in keys) for kind, keys in found.items()}


def experiment_names(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of experiments, each once."""
    found = cursor.execute("select distinct name from experiment where name is not null order by name").fetchall()
    return [name for (name,) in found]
