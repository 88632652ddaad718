"""Ask a table how old the newest of its rows is: by the time in a column, not by the time of the file."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core.errors import LeanError
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings, Unread
from lean_core.signals.files import DataFile, Files, find_files, trouble_of
from lean_core.signals.log.columns import as_time
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import DUCKDB, Engine, EngineFailedError, FileDamagedError, open_engine
from lean_core.signals.log.reference import name_some

if TYPE_CHECKING:
    import ibis.expr.types as ir

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newest:
    """What a column of one file has."""

    at: dt.datetime | None
    rows: int
    is_there: bool = True


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return, for each question, how many hours ago the newest time in the column that it names is."""
    found = find_files(telemetry, around)
    if isinstance(found, Unread):
        return {question.signal: found for question in questions}
    with tempfile.TemporaryDirectory(prefix="lean-table-") as scratch:
        try:
            with open_engine(DUCKDB, Path(scratch)) as engine:
                table = _Table(found, engine, Path(scratch))
                for file in found.files:
                    table.read(file, {question.expression.strip() for question in questions})
        except EngineFailedError as error:
            failed = Unread(trouble="refused", sentence=f"{error}.", source=Source(place=found.place))
            return {question.signal: failed for question in questions}
    return {question.signal: table.answer(question) for question in questions}


class _Table:
    """A table, file by file."""

    def __init__(self, files: Files, engine: Engine, scratch: Path) -> None:
        self._files, self._engine, self._scratch = files, engine, scratch
        self._newest: dict[str, list[_Newest]] = {}
        self._columns: dict[str, None] = {}
        self._digests: list[tuple[str, str]] = []
        self._unread: list[tuple[str, Exception, str]] = []

    def read(self, file: DataFile, columns: set[str]) -> None:
        """Look at a file; one that can't be read does not hide the others."""
        try:
            path, sha256 = self._files.bring(file, self._scratch)
            opened = self._engine.open([path], file.format, lambda table: _times(table, sorted(columns)))
            self._columns |= dict.fromkeys(opened.columns)
            found = self._look(sorted(columns), opened.columns)
        except FileDamagedError as error:
            self._unread.append((file.name, error, str(error)))
        except (OSError, LeanError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._unread.append((file.name, error, reason))
        else:
            self._digests.append((file.name, sha256))
            for column, newest in found.items():
                self._newest.setdefault(column, []).append(newest)

    def _look(self, columns: Sequence[str], present: Sequence[str]) -> dict[str, _Newest]:
        import ibis

        log = ibis.table(dict.fromkeys(map(_name, range(len(columns))), "timestamp"), name=LOG)
        greatest = {_name(number): log[_name(number)].max() for number in range(len(columns))}
        (row,) = self._engine.run(log.agg(rows=log.count(), **greatest)).to_pylist()
        return {
            column: _Newest(at=row[_name(number)], rows=row["rows"], is_there=column in present)
            for number, column in enumerate(columns)
        }

    def answer(self, question: Question) -> Answer:
        """Answer from what was seen."""
        place, column = self._files.place, question.expression.strip()
        digest = hashlib.sha256(repr(sorted(self._digests)).encode()).hexdigest() if self._digests else None
        source = Source(place=place, query=f'max("{column}")', digest=digest)
        doubt = "".join(f" {name} can't be read ({reason}) and does not count." for name, _, reason in self._unread[:3])
        seen = self._newest.get(column, [])
        if not seen:
            name, error, reason = self._unread[0]
            sentence = f"{name} of {place} can't be read ({reason})."
            return Unread(trouble=trouble_of(error), sentence=sentence, source=source)
        rows = sum(each.rows for each in seen)
        if not any(each.is_there for each in seen):
            sentence = f'{place} has no column "{column}": there are {name_some(list(self._columns))}.{doubt}'
            return Unread(trouble="malformed", sentence=sentence, source=source, n=rows)
        if rows == 0:
            return Unread(trouble="empty", sentence=f"{place} has no rows.{doubt}", source=source, n=0)
        times = [each.at for each in seen if each.at is not None]
        if not times:
            sentence = f'The column "{column}" of {place} has no time in any of {rows:,} rows.{doubt}'
            return Unread(trouble="malformed", sentence=sentence, source=source, n=rows)
        newest = max(times)
        if newest > question.at:
            sentence = (
                f'The newest "{column}" of {place} is {newest:%Y-%m-%d %H:%M:%S}, which is still to come: a clock is'
                f" ahead, or the column says something else.{doubt}"
            )
            return Unread(trouble="malformed", sentence=sentence, source=source, n=rows)
        return Measured(
            value=(question.at - newest) / _HOUR,
            observed_at=question.at,
            source=source,
            unit="h",
            n=rows,
            note=f'The newest "{column}" is {newest:%Y-%m-%d %H:%M:%S}.{doubt}',
        )


def _times(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    import ibis

    found = {
        _name(number): (as_time(table[column]) if column in table.columns else ibis.null("timestamp")).cast("timestamp")
        for number, column in enumerate(columns)
    }
    return table.select(**found)


def _name(number: int) -> str:
    return f"time_{number}"
