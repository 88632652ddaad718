"""DuckDB in this process: the expressions are compiled by Ibis, and run without its backend, which takes pandas."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.signals.files import Format
from lean_core.signals.log.columns import RAW_FILE
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import EngineFailedError, FileDamagedError, Input, Opened, View, one_line

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa

RAW = "lean_raw"
_LARGE = 100_000_000
"""Bytes of a Parquet file that is not copied into memory: it could have more than there is."""
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
        self._views: dict[Hashable, str] = {}
        self._raw = self._made = ""
        """Whether what is open is a view or a table, and so what is counted."""

    def open(self, paths: Sequence[Path], format_: Format, view: View) -> Opened:
        """Make files the table that is counted, each time that it is asked; text is read once."""
        import duckdb

        try:
            self._close()
            rejected = self._open_raw(_read(paths, format_), format_)
            schema = self._describe(RAW)
            self._connection.execute(f"create temp view {LOG} as {self._compile(view(_table(schema)))}")
            self._made = "view"
        except duckdb.Error as error:
            raise _translate(error) from None
        return Opened(columns=_named(schema), rejected=rejected)

    def load(self, inputs: Sequence[Input]) -> list[Opened | FileDamagedError]:
        """Copy files into memory: it takes less than to decode them for each of the counts.

        Those with the same columns are copied by one query: to plan it takes as long as to copy 10,000 rows.
        """
        self._close()
        found: dict[int, Opened | FileDamagedError] = {}
        groups: dict[Hashable, list[Input]] = {}
        for each in inputs:
            if each.format == "parquet":
                try:
                    schema = self._describe(f"(from {_read([each.path], 'parquet')})")
                except FileDamagedError as error:
                    found[each.number] = error
                    continue
                alone = each.number if "file_index" in schema else None
                groups.setdefault((each.key, tuple(schema.items()), alone), []).append(each)
            else:
                groups[each.number] = [each]
        for group in groups.values():
            found |= self._load(group)
        return [found[each.number] for each in inputs]

    def _load(self, group: Sequence[Input]) -> dict[int, Opened | FileDamagedError]:
        import duckdb

        try:
            opened = self._copy(group)
        except duckdb.Error as error:
            translated = _translate(error)
            if not isinstance(translated, FileDamagedError):
                raise translated from None
            if len(group) == 1:
                return {group[0].number: translated}
            return {number: found for each in group for number, found in self._load([each]).items()}
        return dict.fromkeys((each.number for each in group), opened)

    def _copy(self, group: Sequence[Input]) -> Opened:
        first = group[0]
        # DuckDB knows where in the list a file stands, which is the same for all rows of a file.
        numbers = [each.number for each in group]
        number = f"{numbers}[file_index + 1]" if len(group) > 1 else str(numbers[0])
        rejected = self._open_raw(_read([each.path for each in group], first.format), first.format, number=number)
        schema = self._describe(RAW)
        known = (first.key, tuple(schema.items()))
        if known not in self._views:
            self._views[known] = self._compile(first.view(_table(schema)))
        is_large = len(group) == 1 and first.format == "parquet" and first.path.stat().st_size > _LARGE
        if is_large and not self._made:
            self._connection.execute(f"create temp view {LOG} as {self._views[known]}")
            self._made = "view"
        else:
            into = f"insert into {LOG}" if self._made else f"create temp table {LOG} as"
            self._connection.execute(f"{into} {self._views[known]}")
            self._made = "table"
        return Opened(columns=_named(schema), rejected=rejected)

    def _open_raw(self, reader: str, format_: Format, *, number: str = "") -> int:
        """Make files the raw table, with their number where there is one; return how many lines are no rows."""
        self._close_raw()
        kind = "view" if format_ == "parquet" else "table"
        numbered = f'{number} as "{RAW_FILE}", *' if number else "*"
        query = f"select {numbered} from {reader}"  # noqa: S608 - quoted
        self._connection.execute(f"create temp {kind} {RAW} as {query}")
        self._raw = kind
        return self._count_rejected() if "store_rejects" in reader else 0

    def run(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""
        import duckdb

        try:
            return self._connection.sql(self._compile(expression)).to_arrow_table()
        except duckdb.Error as error:
            raise _translate(error) from None

    def _close(self) -> None:
        if self._made:
            self._connection.execute(f"drop {self._made} {LOG}")
            self._made = ""
        self._close_raw()

    def _close_raw(self) -> None:
        if self._raw:
            self._connection.execute(f"drop {self._raw} {RAW}")
        if self._raw == "table":
            self._connection.execute("drop table if exists reject_errors")
            self._connection.execute("drop table if exists reject_scans")
        self._raw = ""

    def _count_rejected(self) -> int:
        # Lines, not errors: a line may have several.
        (found,) = self._connection.execute("select count(distinct (file_id, line)) from reject_errors").fetchall()
        return int(found[0])

    def _describe(self, relation: str) -> dict[str, str]:
        import duckdb

        try:
            rows = self._connection.execute(f"describe {relation}").fetchall()
        except duckdb.Error as error:
            raise _translate(error) from None
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


def _named(schema: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in schema if name != RAW_FILE)


def _read(paths: Sequence[Path], format_: Format) -> str:
    # DuckDB tells rejected lines of one file only.
    more = "store_rejects = true" if len(paths) == 1 else "union_by_name = true"
    return _READERS[format_].replace("$more", more).replace("$paths", _literals(paths))


def _literals(paths: Sequence[Path]) -> str:
    # A view keeps no parameters. DuckDB takes * ? [ in a path for a pattern, each of which in brackets is itself.
    escaped = ("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)) for path in paths)
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in escaped) + "]"


def _translate(error: duckdb.Error) -> Exception:
    import duckdb

    if isinstance(error, (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.InternalException)):
        return EngineFailedError(f"DuckDB could not compute it: {one_line(error)}")
    return FileDamagedError(one_line(error))
