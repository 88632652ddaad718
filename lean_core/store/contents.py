"""What is in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.store.answers import scalar

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """A table and how many rows it has."""

    name: str
    rows: int


def table_counts(cursor: duckdb.DuckDBPyConnection) -> list[TableCount]:
    """Count the rows of every table."""
    names = [
        name for (name,) in cursor.execute("select table_name from duckdb_tables() order by table_name").fetchall()
    ]
    return [TableCount(name=name, rows=scalar(cursor, f'select count(*) from "{name}"')) for name in names]  # noqa: S608 - our tables


def schema_version(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the newest migration that the file has."""
    return int(scalar(cursor, "select max(number) from schema_migration"))
