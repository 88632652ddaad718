"""DuckDB in this process: the expressions are compiled by Ibis, and run without its backend, which takes pandas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.signals.files import Format
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import EngineFailedError, FileDamagedError, Opened, View, one_line

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa

RAW = "lean_raw"
_READERS: dict[Format, str] = {
    "parquet": "read_parquet($paths, union_by_name = true, hive_partitioning = false)",
    # All lines are looked at to find the types: of a sample, a text far down would be a damaged line.
    "csv": "read_csv($paths, $more, hive_partitioning = false, sample_size = -1, ignore_errors = true)",
    "json": "read_json($paths, format = 'newline_delimited', union_by_name = true, hive_partitioning = false,"
    " sample_size = -1, ignore_errors = true, records = true)",
}
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "800MB",
    "preserve_insertion_order": "false",
    # DuckDB 2.0 takes a Parquet file's least and greatest value, which leave NaN out, for all that can be in it: NaN
    # is then below every limit, and no NaN at all.
    "disabled_optimizers": "statistics_propagation,filter_pushdown",
}


@contextmanager
def open_duckdb(scratch: Path) -> Iterator[DuckDB]:
    """Open a database in memory, which spills into a folder."""
    import duckdb

    connection = duckdb.connect(config=_CONFIG | {"temp_directory": str(scratch)})
    try:
        connection.execute("set TimeZone = 'UTC'")
        yield DuckDB(connection)
    finally:
        connection.close()


class DuckDB:
    """DuckDB as an `Engine`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take a connection."""
        self._connection = connection
        self._compiled: dict[object, str] = {}
        self._raw = ""
        """Whether the files that are open are a view or a table."""

    def open(self, paths: Sequence[Path], format_: Format, view: View) -> Opened:
        """Make files the table that is counted: Parquet as a view; other formats are read once, as a table."""
        import duckdb

        kind = "view" if format_ == "parquet" else "table"
        # DuckDB tells rejected lines of one file only.
        more = "store_rejects = true" if len(paths) == 1 else "union_by_name = true"
        reader = _READERS[format_].replace("$more", more).replace("$paths", _literals(paths))
        try:
            self._close()
            self._raw = kind
            self._connection.execute(f"create temp {kind} {RAW} as select * from {reader}")  # noqa: S608 - quoted
            rejected = self._count_rejected() if format_ == "csv" and len(paths) == 1 else 0
            schema = self._describe()
            sql = self._compile(view(_table(schema)))
            self._connection.execute(f"create temp view {LOG} as {sql}")
        except duckdb.Error as error:
            raise _translate(error) from None
        return Opened(columns=tuple(schema), rejected=rejected)

    def run(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""
        import duckdb

        try:
            return self._connection.sql(self._compile(expression)).to_arrow_table()
        except duckdb.Error as error:
            raise _translate(error) from None

    def _close(self) -> None:
        if self._raw:
            self._connection.execute(f"drop view if exists {LOG}")
            self._connection.execute(f"drop {self._raw} if exists {RAW}")
        if self._raw == "table":
            self._connection.execute("drop table if exists reject_errors")
            self._connection.execute("drop table if exists reject_scans")

    def _count_rejected(self) -> int:
        # Lines, not errors: a line may have several.
        (found,) = self._connection.execute("select count(distinct (file_id, line)) from reject_errors").fetchall()
        return int(found[0])

    def _describe(self) -> dict[str, str]:
        rows = self._connection.execute(f"describe {RAW}").fetchall()
        return {name: kind for name, kind, *_ in rows}

    def _compile(self, expression: ir.Table) -> str:
        import ibis

        key = expression.op()
        if key not in self._compiled:
            self._compiled[key] = str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
        return self._compiled[key]


def _table(schema: dict[str, str]) -> ir.Table:
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    return ibis.table({name: DuckDBType.from_string(kind) for name, kind in schema.items()}, name=RAW)


def _literals(paths: Sequence[Path]) -> str:
    # A view keeps no parameters. DuckDB takes * ? [ in a path for a pattern, each of which in brackets is itself.
    escaped = ("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)) for path in paths)
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in escaped) + "]"


def _translate(error: duckdb.Error) -> Exception:
    import duckdb

    if isinstance(error, (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.InternalException)):
        return EngineFailedError(f"DuckDB could not compute it: {one_line(error)}")
    return FileDamagedError(one_line(error))
