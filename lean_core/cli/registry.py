"""What the commands that write records have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lean_core.cli.output import plain, say
from lean_core.cli.progress import Progress

if TYPE_CHECKING:
    from lean_core.registry.record import Record
    from lean_core.registry.step import Step


def show_step(progress: Progress) -> Callable[[Step], None]:
    """Return what shows the steps of a registration."""

    def show(step: Step) -> None:
        progress.show(step.phase, done=step.done / step.total if step.total else 0.0)

    return show


def tell_remarks(remarks: Iterable[str]) -> None:
    """Tell what is not known, and what the person should know."""
    for remark in remarks:
        say(f"note: {plain(remark)}")


def describe_record(record: Record, place: str, *, remarks: Iterable[str], is_written: bool) -> dict[str, object]:
    """Return a record for JSON, with what it lacks of the seven fields."""
    from lean_core.registry.record import FIELDS, present_fields, render_record

    present = present_fields(record)
    return {
        "model": record.model,
        "version": record.version,
        "uri": place,
        "written": is_written,
        "missing": [name for name in FIELDS if name not in present],
        "notes": list(remarks),
        "record": json.loads(render_record(record)),
    }
