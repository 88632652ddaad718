"""DuckDB in this process: the expressions are compiled by Ibis, and run without its backend, which takes pandas."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.signals.files import Format
from lean_core.signals.log.columns import RAW_FILE
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import EngineFailedError, FileDamagedError, Input, Opened, View, one_line

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.operations as ops
    import ibis.expr.types as ir
    import pyarrow as pa

RAW = "lean_raw"
_TEXT = "lean_text"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A file that can be read."""

    place: int
    given: Input
    source: str
    """What it is in SQL."""
    schema: dict[str, str]
    opened: Opened
    series: int | None
    """What tells it from others with the same columns that it can't be read with; None: nothing does."""

    @property
    def kind(self) -> Hashable:
        """Files of one kind are read together."""
        return (self.given.key, tuple(self.schema.items()), self.series)


class DuckDB:
    """DuckDB as an `Engine`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take a connection."""
        self._connection = connection
        self._views: dict[Hashable, str] = {}
        self._log = ""
        """The query that is counted."""
        self._texts = 0
        """How many files of text are open, a table each."""

    def open(self, paths: Sequence[Path], format_: Format, view: View) -> Opened:
        """Make files the table that is counted."""
        self._close()
        source, rejected = self._find(paths, format_)
        schema = self._describe(source)
        self._log = _with(RAW, f"from {source}", _compile(view(_table(schema))))
        return Opened(columns=tuple(schema), rejected=rejected)

    def load(self, inputs: Sequence[Input]) -> list[Opened | FileDamagedError]:
        """Make several files the table that is counted: to decode Parquet for each count takes less than to copy it.

        Those with the same columns are read by one query: to plan it takes as long as to read 10,000 rows.
        """
        self._close()
        looked = [self._look(place, each) for place, each in enumerate(inputs)]
        groups: dict[Hashable, list[_Looked]] = {}
        for one in looked:
            if isinstance(one, _Looked):
                groups.setdefault(one.kind, []).append(one)
        queries, numbers = [], dict[int, int]()
        for group in groups.values():
            queries.append(self._select(group, first=len(numbers)))
            numbers |= {one.place: number for number, one in enumerate(group, start=len(numbers))}
        self._log = " union all ".join(queries)
        return [replace(one.opened, number=numbers[one.place]) if isinstance(one, _Looked) else one for one in looked]

    def _look(self, place: int, given: Input) -> _Looked | FileDamagedError:
        try:
            source, rejected = self._find([given.path], given.format)
            schema = self._describe(source)
        except FileDamagedError as error:
            return error
        is_alone = given.format != "parquet" or "file_index" in schema
        opened = Opened(columns=tuple(schema), rejected=rejected)
        return _Looked(
            place=place, given=given, source=source, schema=schema, opened=opened, series=place if is_alone else None
        )

    def _select(self, group: Sequence[_Looked], *, first: int) -> str:
        """Return the query for files with the same columns, numbered from a number on."""
        one, several = group[0], len(group) > 1
        source = _read([each.given.path for each in group], "parquet") if several else one.source
        number = f"{first} + file_index" if several else str(first)
        schema = {RAW_FILE: "INTEGER"} | one.schema
        known = (one.given.key, tuple(schema.items()))
        if known not in self._views:
            self._views[known] = _compile(one.given.view(_table(schema)))
        numbered = f'select ({number})::integer as "{RAW_FILE}", * from {source}'  # noqa: S608 - quoted
        return _with(RAW, numbered, self._views[known])

    def run(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""
        import duckdb

        try:
            return self._connection.sql(_with(LOG, self._log, _compile(expression))).to_arrow_table()
        except duckdb.Error as error:
            raise _translate(error) from None

    def _close(self) -> None:
        for number in range(self._texts):
            self._connection.execute(f"drop table {_TEXT}_{number}")
        self._texts, self._log = 0, ""

    def _find(self, paths: Sequence[Path], format_: Format) -> tuple[str, int]:
        """Return what files are in SQL, and how many of their lines are no rows; text is read once, into a table."""
        import duckdb

        reader = _read(paths, format_)
        if format_ == "parquet":
            return reader, 0
        name = f"{_TEXT}_{self._texts}"
        try:
            self._connection.execute(f"create temp table {name} as from {reader}")
            self._texts += 1
            return name, self._count_rejected() if "store_rejects" in reader else 0
        except duckdb.Error as error:
            raise _translate(error) from None
        finally:
            # Of one file only: the next one's are counted anew.
            for table in ("reject_errors", "reject_scans"):
                self._connection.execute(f"drop table if exists {table}")

    def _count_rejected(self) -> int:
        # Lines, not errors: a line may have several.
        (found,) = self._connection.execute("select count(distinct (file_id, line)) from reject_errors").fetchall()
        return int(found[0])

    def _describe(self, source: str) -> dict[str, str]:
        import duckdb

        try:
            rows = self._connection.execute(f"describe from {source}").fetchall()
        except duckdb.Error as error:
            raise _translate(error) from None
        return {name: kind for name, kind, *_ in rows}


def _compile(expression: ir.Table) -> str:
    return _compile_operation(expression.op())


@functools.lru_cache(maxsize=64)
def _compile_operation(operation: ops.Node) -> str:
    from ibis.backends.sql.compilers.duckdb import compiler

    query = compiler.to_sqlglot(operation.to_expr())
    for step in query.ctes:  # what several histograms are counted of is worked out once: a quarter less for all
        step.set("materialized", value=True)
    return str(query.sql(compiler.dialect))


def _table(schema: dict[str, str]) -> ir.Table:
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    return ibis.table({name: DuckDBType.from_string(kind) for name, kind in schema.items()}, name=RAW)


def _with(name: str, query: str, then: str) -> str:
    """Return a query in which a table is another query."""
    return f"(with {name} as not materialized ({query}) from ({then}))"


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
