"""The trail for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from lean_core.registry import Event, render_event
from lean_core.releases.sentences import tell
from lean_core.releases.trail import KnownEvent
from lean_core.spreadsheet import spreadsheet_text

COLUMNS = ("at", "known_at", "late", "model", "version", "environment", "kind", "actor", "sentence", "id")


def to_document(known: KnownEvent) -> dict[str, Any]:
    """Return an event as its file has it, with its sentence and since when it is known."""
    document: dict[str, Any] = json.loads(render_event(known.event))
    return document | {"sentence": tell(known.event), "known_at": known.known_at, "late": known.late}


def to_csv(events: Iterable[KnownEvent]) -> bytes:
    """Return events as CSV in UTF-8, one a row, with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(known) for known in events)
    return text.getvalue().encode()


def _row(known: KnownEvent) -> Mapping[str, str]:
    event: Event = known.event
    cells = {
        "at": f"{event.at.isoformat(timespec='milliseconds')}Z",
        "known_at": f"{known.known_at.isoformat(timespec='milliseconds')}Z" if known.known_at else "",
        "late": "yes" if known.late else "",
        "model": event.model,
        "version": event.version,
        "environment": event.environment or "",
        "kind": event.kind,
        "actor": event.actor,
        "sentence": tell(event),
        "id": event.id,
    }
    return {name: spreadsheet_text(cell) for name, cell in cells.items()}
