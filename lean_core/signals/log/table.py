"""What was counted of a log's files, in the workspace's file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core.signals.log.columns import OUTCOMES
from lean_core.signals.log.slot import Slots

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

KEPT = dt.timedelta(days=90)
"""After so long without a new file, what was counted of a log is dropped: its settings may have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFile:
    """A file that was counted."""

    name: str
    tag: str
    sha256: str
    columns: tuple[str, ...]
    rejected: int
    """Lines that are no rows."""
    untimed: int
    """Rows without a time."""
    first_slot: int | None
    last_slot: int | None
    binning: str
    """The digest of the bins that were counted; empty: none."""
    number: int = 0
    """By which the store knows it; 0: it does not yet."""

    def touches(self, slots: Slots) -> bool:
        """Whether it may have rows in a span of slots."""
        first, last = self.first_slot, self.last_slot
        return first is not None and last is not None and first <= slots.last and last >= slots.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of files."""

    files: Mapping[int, CountedFile]
    """By the number that they have in the column ``file`` of the rest."""
    sums: pa.Table | None = None
    """Rows of `count.sum_slots`; None where only histograms were counted."""
    names: Sequence[str] = ()
    """What its sums are called."""
    bins: pa.Table | None = None
    """Rows of `count.count_bins`; None where nothing is binned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A version of the model that made predictions."""

    version: str | None
    newest: dt.datetime
    """The time of its newest row."""
    rows: int


_COLUMNS = "name, tag, sha256, columns, rejected, untimed, first_slot, last_slot, binning"


def read_files(cursor: duckdb.DuckDBPyConnection, log: str) -> list[CountedFile]:
    """Return the files of a log that were counted, by name."""
    rows = cursor.execute(
        f"select {_COLUMNS}, file_no from log_file where log = ? order by name",  # noqa: S608 - our own text
        [log],
    ).fetchall()
    return [
        CountedFile(
            name=name,
            tag=tag,
            sha256=sha256,
            columns=tuple(json.loads(columns)),
            rejected=rejected,
            untimed=untimed,
            first_slot=first,
            last_slot=last,
            binning=binning,
            number=number,
        )
        for name, tag, sha256, columns, rejected, untimed, first, last, binning, number in rows
    ]


def write_files(cursor: duckdb.DuckDBPyConnection, log: str, counts: Counts, *, now: dt.datetime) -> None:
    """Write what was counted of files, in place of what was counted of them before.

    Args:
        cursor: in a transaction.
        log: the digest by which a log is known.
        counts: of new or changed files.
        now: naive UTC.
    """
    drop_files(cursor, log, [file.name for file in counts.files.values()])
    numbers: dict[int, int] = {}
    for place, file in counts.files.items():
        values = [file.name, file.tag, file.sha256, json.dumps(file.columns), file.rejected, file.untimed]
        ((numbers[place],),) = cursor.execute(
            f"insert into log_file (log, counted_at, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            " returning file_no",
            [log, now, *values, file.first_slot, file.last_slot, file.binning],
        ).fetchall()
    _write_sums(cursor, counts, numbers)
    _write_bins(cursor, counts, numbers)


def write_bins(cursor: duckdb.DuckDBPyConnection, counts: Counts, numbers: Mapping[int, int]) -> None:
    """Write histograms of files in place of those on other bins.

    Args:
        cursor: in a transaction.
        counts: nothing but histograms.
        numbers: by which the store knows the files, by the number that they have in the counts.
    """
    for place, file in counts.files.items():
        cursor.execute("delete from log_bin where file_no = ?", [numbers[place]])
        cursor.execute("update log_file set binning = ? where file_no = ?", [file.binning, numbers[place]])
    _write_bins(cursor, counts, numbers)


_NUMBERED = "counted join (select unnest($places) as file, unnest($numbers) as file_no) using (file)"


def _write_sums(cursor: duckdb.DuckDBPyConnection, counts: Counts, numbers: Mapping[int, int]) -> None:
    if counts.sums is None:
        return
    known = {"places": list(numbers), "numbers": list(numbers.values())}
    sums = ", ".join(f"sum(m_{number})::double as m_{number}" for number in range(len(counts.names)))
    cursor.register("counted", counts.sums)
    cursor.execute(
        f"""
        insert into log_slot by name
        select file_no, slot, version, sum(rows) as rows, max(newest) as newest
        from {_NUMBERED} where slot is not null group by all
        """,  # noqa: S608 - our own text
        known,
    )
    cursor.execute(
        f"""
        insert into log_sum by name
        select file_no, slot, $outcomes[outcome + 1] as measure, sum(rows)::double as total
        from {_NUMBERED} where slot is not null group by all
        """,  # noqa: S608
        {**known, "outcomes": list(OUTCOMES)},
    )
    if counts.names:
        cursor.execute(
            f"""
            insert into log_sum by name
            select file_no, slot, $names[name[3:]::int + 1] as measure, total from (
                from (select file_no, slot, {sums} from {_NUMBERED} where slot is not null group by all)
                unpivot (total for name in (columns('m_')))
            ) where total <> 0
            """,  # noqa: S608
            {**known, "names": list(counts.names)},
        )
    cursor.unregister("counted")


def _write_bins(cursor: duckdb.DuckDBPyConnection, counts: Counts, numbers: Mapping[int, int]) -> None:
    if counts.bins is None:
        return
    cursor.register("counted", counts.bins)
    cursor.execute(
        f"insert into log_bin by name select * exclude (file) from {_NUMBERED}",  # noqa: S608 - our own text
        {"places": list(numbers), "numbers": list(numbers.values())},
    )
    cursor.unregister("counted")


def drop_files(cursor: duckdb.DuckDBPyConnection, log: str, names: Sequence[str]) -> None:
    """Drop what was counted of some files."""
    _drop_where(cursor, "log = ? and name in (select unnest(?))", [log, list(names)])


def drop_old(cursor: duckdb.DuckDBPyConnection, *, now: dt.datetime) -> None:
    """Drop what was counted of logs that had no new file for long."""
    _drop_where(cursor, "log in (select log from log_file group by log having max(counted_at) < ?)", [now - KEPT])
    cursor.execute("delete from log_reference where made_at < ?", [now - KEPT])


def _drop_where(cursor: duckdb.DuckDBPyConnection, condition: str, values: Sequence[object]) -> None:
    numbers = [
        row[0]
        for row in cursor.execute(
            f"select file_no from log_file where {condition}",  # noqa: S608 - our own text
            values,
        ).fetchall()
    ]
    if numbers:
        for table in ("log_file", "log_slot", "log_sum", "log_bin"):
            cursor.execute(
                f"delete from {table} where file_no in (select unnest(?))",  # noqa: S608 - our own text
                [numbers],
            )


def read_sums(cursor: duckdb.DuckDBPyConnection, files: Iterable[CountedFile], slots: Slots) -> dict[str, float]:
    """Return the sums of a span of slots; ``rows`` is among them."""
    numbers = [file.number for file in files]
    rows = cursor.execute(
        """
        select measure, sum(total) from log_sum
        where file_no in (select unnest($numbers)) and slot between $first and $last group by measure
        union all
        select 'rows', coalesce(sum(rows), 0)::double from log_slot
        where file_no in (select unnest($numbers)) and slot between $first and $last
        """,
        {"numbers": numbers, "first": slots.first, "last": slots.last},
    ).fetchall()
    return dict(rows)


def read_bins(
    cursor: duckdb.DuckDBPyConnection, files: Iterable[CountedFile], measure: str, slots: Slots
) -> dict[int, tuple[int, float]]:
    """Return the rows and the sum of each bin of a histogram in a span of slots."""
    rows = cursor.execute(
        """
        select bucket, sum(rows)::bigint, coalesce(sum(total), 0)::double from log_bin
        where file_no in (select unnest(?)) and measure = ? and slot between ? and ? group by bucket
        """,
        [[file.number for file in files], measure, slots.first, slots.last],
    ).fetchall()
    return {bucket: (rows, total) for bucket, rows, total in rows}


def read_served(cursor: duckdb.DuckDBPyConnection, files: Iterable[CountedFile], *, last_slot: int) -> list[Served]:
    """Return the versions up to a slot, the one with the newest row first."""
    rows = cursor.execute(
        """
        select version, max(newest), sum(rows)::bigint from log_slot
        where file_no in (select unnest(?)) and slot <= ? group by version order by 2 desc, 1
        """,
        [[file.number for file in files], last_slot],
    ).fetchall()
    return [Served(version=version, newest=newest, rows=count) for version, newest, count in rows]


def count_future(cursor: duckdb.DuckDBPyConnection, files: Iterable[CountedFile], *, last_slot: int) -> int:
    """Return how many rows lie in later slots."""
    ((count,),) = cursor.execute(
        "select coalesce(sum(rows), 0)::bigint from log_slot where file_no in (select unnest(?)) and slot > ?",
        [[file.number for file in files], last_slot],
    ).fetchall()
    return int(count)


def read_reference(cursor: duckdb.DuckDBPyConnection, log: str, tag: str) -> str | None:
    """Return a reference as it was binned, as JSON."""
    rows = cursor.execute("select content from log_reference where log = ? and tag = ?", [log, tag]).fetchall()
    return rows[0][0] if rows else None


def write_reference(cursor: duckdb.DuckDBPyConnection, log: str, tag: str, content: str, *, now: dt.datetime) -> None:
    """Write a reference in place of the one before."""
    cursor.execute("delete from log_reference where log = ?", [log])
    cursor.execute("insert into log_reference values (?, ?, ?, ?)", [log, tag, content, now])
