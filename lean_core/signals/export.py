"""The list of signals for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping

from lean_core.signals.view import Signal

_COLUMNS = (
    "name", "kind", "class", "state", "sentence", "value", "unit", "observed_at", "threshold", "fresh_seconds",
    "model", "environment", "n", "source", "expression", "place", "query", "owner", "runbook",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so; such text gets a quote in front."""


def to_json(signals: Iterable[Signal]) -> bytes:
    """Return signals as JSON in UTF-8: a list with one a line, friendly to `grep`."""
    lines = ",\n".join(json.dumps(_describe(each), ensure_ascii=False) for each in signals)
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"


def to_csv(signals: Iterable[Signal]) -> bytes:
    """Return signals as CSV in UTF-8, one a row, with a header."""
    return rows_to_csv(_COLUMNS, (_describe(each) for each in signals))


def rows_to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV in UTF-8 with a header; text that a spreadsheet would run as a formula is quoted."""
    written = io.StringIO()
    names = list(columns)
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([_harmless(name) for name in names])
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return written.getvalue().encode()


def _describe(signal: Signal) -> dict[str, object]:
    last = signal.last
    return {
        "name": signal.name,
        "kind": signal.kind,
        "class": signal.class_,
        "state": signal.state,
        "sentence": signal.status.sentence,
        "value": signal.value,
        "unit": signal.unit or None,
        "observed_at": _utc(signal.observed_at),
        "threshold": signal.judged_by,
        "fresh_seconds": signal.fresh.total_seconds(),
        "model": signal.model,
        "environment": signal.environment,
        "n": last.n if last else None,
        "source": signal.source,
        "expression": signal.expression or None,
        "place": last.source.place if last else None,
        "query": (last.source.query or None) if last else None,
        "owner": signal.owner or None,
        "runbook": signal.runbook or None,
    }


def _cell(value: object) -> object:
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, dt.datetime):
        return _utc(value)
    return value if value is None or isinstance(value, int | float) else _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _utc(time: dt.datetime | None) -> str | None:
    return None if time is None else f"{time.isoformat(timespec='milliseconds')}Z"
