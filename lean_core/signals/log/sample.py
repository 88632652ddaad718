"""A few rows of a log, as its files have them: what a number is made of."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.errors import LeanError
from lean_core.settings import LogColumns, TelemetrySettings
from lean_core.signals.answer import Question, Source, Surroundings, Unread
from lean_core.signals.files import DataFile, Files, find_files
from lean_core.signals.log.columns import as_time
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import DUCKDB, Engine, EngineFailedError, FileDamagedError, open_engine
from lean_core.signals.log.refresh import log_key
from lean_core.signals.log.slot import Slots, begin_of, slots_of
from lean_core.signals.log.table import CountedFile, read_files

if TYPE_CHECKING:
    import ibis.expr.types as ir

Cell = str | int | float | bool | dt.datetime | None
Row = Mapping[str, Cell]
LONGEST = 1_000
"""Characters of a cell; a prompt, or a document, may be much longer."""
_AT = "lean_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows of a window, the newest first."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    since: dt.datetime
    until: dt.datetime
    """Not included, naive UTC."""
    files: tuple[str, ...]
    """Where they lie."""
    notes: tuple[str, ...] = ()
    """Sentences on what could not be read."""


def sample_rows(telemetry: TelemetrySettings, question: Question, around: Surroundings, limit: int) -> Sample | Unread:
    """Return rows of a question's window from the files that were counted for it, the newest files first.

    Raises:
        StoreError: the workspace's file can't be read.
    """
    found = find_files(telemetry, around)
    if isinstance(found, Unread):
        return found
    with around.store.read() as cursor:
        known = {each.name: each for each in read_files(cursor, log_key(telemetry))}
    slots = slots_of(question.at, question.window)
    with tempfile.TemporaryDirectory(prefix="lean-sample-") as scratch:
        try:
            with open_engine(DUCKDB, Path(scratch)) as engine:
                look = _Look(telemetry, found, slots, limit, Path(scratch))
                return look.run(engine, _newest_first(found.files, known, slots))
        except EngineFailedError as error:
            return Unread(trouble="refused", sentence=f"{error}.", source=Source(place=found.place))


def _newest_first(files: Sequence[DataFile], known: Mapping[str, CountedFile], slots: Slots) -> list[DataFile]:
    """Return the files that may have rows in the window."""
    counted = [(file, known[file.name]) for file in files if file.name in known]
    touching = [(file, each.last_slot or 0) for file, each in counted if each.touches(slots)]
    return [file for file, _ in sorted(touching, key=lambda pair: (pair[1], pair[0].name), reverse=True)]


class _Look:
    """One look into files."""

    def __init__(self, telemetry: TelemetrySettings, found: Files, slots: Slots, limit: int, scratch: Path) -> None:
        assert telemetry.columns is not None  # noqa: S101 - the settings were checked
        self.columns: LogColumns = telemetry.columns
        self.found, self.slots, self.limit, self.scratch = found, slots, limit, scratch
        self.bound = Bound(telemetry.timeout.total_seconds())
        self.notes: list[str] = []

    def run(self, engine: Engine, files: Sequence[DataFile]) -> Sample:
        rows: list[dict[str, Cell]] = []
        read: list[str] = []
        for file in files:
            if len(rows) >= self.limit:
                break
            try:
                self.bound.left()
                rows += self._read(engine, file)
                read.append(file.name)
            except TimeoutError:
                self.notes.append("Not all files were looked at: time was up.")
                break
            except (FileDamagedError, OSError, LeanError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                self.notes.append(f"{file.name} can't be read: {reason}.")
        rows.sort(key=lambda row: str(row[_AT]), reverse=True)
        kept = rows[: self.limit]
        columns = tuple(dict.fromkeys(name for row in kept for name in row if name != _AT))
        return Sample(
            columns=columns,
            rows=tuple(_align(kept, columns)),
            since=self.slots.since,
            until=begin_of(self.slots.last + 1),
            files=tuple(read),
            notes=tuple(self.notes),
        )

    def _read(self, engine: Engine, file: DataFile) -> Iterator[dict[str, Cell]]:
        path, _ = self.found.bring(file, self.scratch)
        made: list[ir.Table] = []

        def view(table: ir.Table) -> ir.Table:
            made.append(self._narrow(table, file.partitions))
            return made[-1]

        engine.open([path], file.format, view)
        import ibis

        rows = engine.run(ibis.table(made[-1].schema(), name=LOG)).to_pylist()
        return ({name: _cell(value) for name, value in row.items()} for row in rows)

    def _narrow(self, table: ir.Table, partitions: Mapping[str, str | None]) -> ir.Table:
        """Return the newest rows of a file that lie in the window, with what its folders say of them."""
        import ibis

        said = {name: ibis.literal(value, "string") for name, value in partitions.items() if name not in table.columns}
        table = table.mutate(**said)
        time = table[self.columns.time] if self.columns.time in table.columns else ibis.literal(None, "string")
        table = table.mutate(**{_AT: as_time(time)})
        begin, end = self.slots.since, begin_of(self.slots.last + 1)
        inside = table.filter(table[_AT] >= begin, table[_AT] < end)
        return inside.order_by(ibis.desc(_AT)).limit(self.limit)


def _align(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[Row]:
    """Yield rows with all columns; where files have a column in several types, it is text."""
    types = {name: {type(row.get(name)) for row in rows} - {type(None)} for name in columns}
    mixed = {name for name, found in types.items() if len(found) > 1 and found != {int, float}}
    for row in rows:
        cells = {name: row.get(name) for name in columns}
        yield cells | {name: str(cell) for name, cell in cells.items() if name in mixed and cell is not None}


def _cell(value: object) -> Cell:
    """Return a value as it can be shown and written: what is nested or long as the text that it begins with."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
