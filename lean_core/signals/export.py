"""The list of signals for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping

from lean_core.signals.view import Signal
from lean_core.spreadsheet import spreadsheet_text

_COLUMNS = (
    "name", "kind", "class", "state", "sentence", "value", "unit", "observed_at", "threshold", "fresh_seconds",
    "model", "environment", "n", "source", "expression", "place", "query", "owner", "runbook",
)  # fmt: skip


def to_json(signals: Iterable[Signal], now: dt.datetime) -> bytes:
    """Return signals as JSON in UTF-8: a list with one a line, friendly to `grep`."""
    lines = ",\n".join(json.dumps(describe_signal(each, now), ensure_ascii=False, default=_utc) for each in signals)
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"


def to_csv(signals: Iterable[Signal], now: dt.datetime) -> bytes:
    """Return signals as CSV in UTF-8, one a row, with a header."""
    return rows_to_csv(_COLUMNS, (_flatten(each, now) for each in signals))


def rows_to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV in UTF-8 with a header; text that a spreadsheet would run as a formula is quoted."""
    written = io.StringIO()
    names = list(columns)
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([spreadsheet_text(name) for name in names])
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return written.getvalue().encode()


def describe_signal(each: Signal, now: dt.datetime) -> dict[str, object]:
    """Return what is known of a signal, as `lean-mlops signals --json` prints it."""
    last = each.last
    return {
        "name": each.name,
        "kind": each.kind,
        "class": each.class_,
        "model": each.model,
        "environment": each.environment,
        "state": each.state,
        "sentence": each.status.sentence,
        "value": each.value,
        "unit": each.unit or None,
        "observed_at": each.observed_at,
        "age_seconds": None if each.observed_at is None else (now - each.observed_at).total_seconds(),
        "threshold": {
            "max": each.threshold.max,
            "min": each.threshold.min,
            "warn": each.threshold.warn,
            "for_seconds": each.threshold.hold.total_seconds(),
        },
        "fresh_seconds": each.fresh.total_seconds(),
        "n": last.n if last else None,
        "window_since": last.since if last else None,
        "trouble": last.trouble if last else None,
        "source": each.source,
        "expression": each.expression or None,
        "evidence": {"place": last.source.place, "query": last.source.query or None, "digest": last.source.digest}
        if last
        else None,
        "note": (last.note or None) if last else None,
        "owner": each.owner or None,
        "runbook": each.runbook or None,
    }


def _flatten(each: Signal, now: dt.datetime) -> dict[str, object]:
    place = each.last.source.place if each.last else None
    query = (each.last.source.query or None) if each.last else None
    return describe_signal(each, now) | {"threshold": each.judged_by, "place": place, "query": query}


def _cell(value: object) -> object:
    if isinstance(value, str):
        return spreadsheet_text(value)
    if isinstance(value, dt.datetime):
        return _utc(value)
    return value if value is None or isinstance(value, int | float) else spreadsheet_text(str(value))


def _utc(time: dt.datetime | None) -> str | None:
    return None if time is None else f"{time.isoformat(timespec='milliseconds')}Z"
