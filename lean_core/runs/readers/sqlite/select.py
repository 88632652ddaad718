"""Write the selects for SQLite, whose columns hold values of any type, and read which columns there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from lean_core.runs.readers.mlflow_sql import ODD, Column, Kind, Query, Schema
from lean_core.runs.readers.sqlite.connection import MixedTypesError, SqliteConnection

_FIRST: dict[Kind, str] = {"text": "''", "integer": "0", "number": "0.0", "flag": "0"}
"""A first row that tells ADBC the type of each column, which it guesses from the first batch otherwise."""
_TYPES: dict[Kind, tuple[pa.DataType, ...]] = {
    "text": (pa.string(), pa.binary()),
    "integer": (pa.int64(),),
    "number": (pa.float64(),),
    "flag": (pa.int64(),),
}
_ALLOWED: dict[Kind, str] = {
    "integer": "'integer', 'null'",
    "number": "'real', 'integer', 'null'",
    "flag": "'integer', 'null'",
}

Where = tuple[str, tuple[object, ...]]
"""A condition and the values for its question marks."""


def read_schema(connection: SqliteConnection) -> Schema:
    """Return the tables and columns of a database.

    Raises:
        SourceError: it can't be read.
    """
    found = connection.read(
        "select m.name as base, c.name as name"
        " from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
    )
    columns: dict[str, set[str]] = {}
    for batch in found:
        for base, name in zip(batch["base"].to_pylist(), batch["name"].to_pylist(), strict=True):
            columns.setdefault(base, set()).add(name)
    version = "unknown, older than 1.1"
    if "version_num" in columns.get("alembic_version", ()):
        versions = [row for batch in connection.read("select version_num from alembic_version") for row in batch[0]]
        version = ", ".join(sorted(str(row) for row in versions)) or "unknown, a migration broke off"
    return Schema(place=str(connection.path), version=version, columns={k: frozenset(v) for k, v in columns.items()})


def select(connection: SqliteConnection, query: Query, where: Where) -> list[pa.RecordBatch]:
    """Return the rows of a query under a condition, in batches of up to 65,536 rows.

    A value of a wrong type is null, and its row has something in the column ``odd``.

    Raises:
        SourceError: the database can't be read.
    """
    condition, parameters = where
    tail = f"from {query.source} where {query.where} and {condition}"
    try:
        return _read(connection, query.columns, tail, parameters)
    except MixedTypesError:
        return _read(connection, _checked(query.columns), tail, parameters)


def _read(
    connection: SqliteConnection, columns: Sequence[Column], tail: str, parameters: tuple[object, ...]
) -> list[pa.RecordBatch]:
    first = ", ".join(_FIRST[column.kind] for column in columns)
    wanted = ", ".join(column.sql for column in columns)
    found = connection.read(f"select {first} union all select {wanted} {tail}", parameters)
    names = [column.name for column in columns]
    # Within the first batch ADBC widens a column's type instead of failing, and mangles numbers on the way to text.
    if any(batch.schema.types[at] not in _TYPES[one.kind] for batch in found for at, one in enumerate(columns)):
        raise MixedTypesError
    batches = [pa.RecordBatch.from_arrays(batch.columns, names=names) for batch in found]
    return [batch for batch in (batches[0].slice(1), *batches[1:]) if batch.num_rows]


def _checked(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns with null for every value of a wrong type, and one that tells where there was any."""
    right = {
        column: f"typeof({column.sql}) in ({_ALLOWED[column.kind]})" for column in columns if column.kind != "text"
    }
    odd = f"iif({' and '.join(right.values())}, null, 1)"
    return (
        *(replace(one, sql=f"iif({right[one]}, {one.sql}, null)") if one in right else one for one in columns),
        Column(name=ODD, kind="integer", sql=odd),
    )
