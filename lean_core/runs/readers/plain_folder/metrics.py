"""What the files of a plain run measured, in whatever shape they say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lean_core.runs.readers.plain_folder.flat import clean, flatten, to_text
from lean_core.runs.readers.plain_folder.instant import to_millis
from lean_core.runs.readers.plain_folder.layout import CURVES
from lean_core.runs.readers.plain_folder.notes import PlainNotes
from lean_core.runs.readers.plain_folder.tables import Measured, measure, measured, read_rows

_HISTORIES = ("log_history", "history")
"""Entries of a document that hold one mapping a step, of metrics that need no prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMetrics:
    """Reads the metric files of one run."""

    notes: PlainNotes
    words: dict[str, str] = field(default_factory=dict)
    """What stood among the metrics and is no number."""

    def read(self, file: str) -> Iterator[Measured]:
        """Yield everything that a file measured."""
        if not file.endswith((".json", ".yaml", ".yml")):
            yield from self._table(file)
            return
        document = self.notes.document(file)
        if isinstance(document, list) and _are_mappings(document):
            yield from measure(dict(self.notes.flat(row, file)) for row in document)
        elif isinstance(document, dict):
            yield from self.mapping(document, file)
        elif document is not None:
            self.notes.add("file without names", file, f"it holds a {type(document).__name__}, not names with values")

    def mapping(self, document: dict[str, Any], file: str) -> Iterator[Measured]:
        """Yield the numbers of a document."""
        for key in _HISTORIES:
            if _are_mappings(document.get(key)):
                yield from measure(dict(self.notes.flat(row, file)) for row in document[key])
        if file.endswith("trainer_state.json"):  # the rest of it is the trainer's own memory
            return
        rest = {key: value for key, value in document.items() if not (key in _HISTORIES and _are_mappings(value))}
        step = rest.pop("step") if isinstance(rest.get("step"), int) and len(rest) > 1 else None
        try:
            for key, value in flatten(rest, whole=_is_series):
                yield from self._entry(clean(key), value, step)
        except ValueError as error:
            self.notes.add("file that can't be understood", file, str(error))

    def _entry(self, key: str, value: Any, step: int | None) -> Iterator[Measured]:  # noqa: ANN401 - JSON
        if isinstance(value, dict) and _is_series(value):
            times = value.get("timestamps")
            times = times if isinstance(times, list) else []
            yield from _series(key, value["values"], value["steps"], times)
        elif isinstance(value, list) and value and all(measured(item) is not None for item in value):
            yield from _series(key, value, list(range(len(value))), [])
        elif _are_mappings(value):
            rows = (dict(flatten(row)) for row in value)
            yield from measure({f"{key}.{column}": cell for column, cell in row.items()} for row in rows)
        elif (number := measured(value)) is not None:
            yield Measured(key, step, None, number)
        elif value is not None:
            self.words[key] = to_text(value)

    def _table(self, file: str) -> Iterator[Measured]:
        key = None
        if file.startswith(CURVES):
            key = clean(file.removeprefix(CURVES).removesuffix(".tsv").replace("/", "."))
        bad: list[str] = []
        try:
            rows = read_rows(f"{self.notes.run.path}/{file}", lambda line, why: bad.append(f"line {line}: {why}"))
            yield from measure(rows, key=key)
        except OSError as error:
            self.notes.add("file that can't be read", file, error.strerror or "")
        if bad:
            self.notes.add("malformed line of a table", file, f"{len(bad)} of them; {bad[0]}")


def _is_series(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Say whether this is how Sacred writes a metric's history."""
    return isinstance(value, dict) and isinstance(value.get("steps"), list) and isinstance(value.get("values"), list)


def _are_mappings(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _series(key: str, values: list[Any], steps: list[Any], times: list[Any]) -> Iterator[Measured]:
    for number, (value, step) in enumerate(zip(values, steps, strict=False)):
        found = measured(value)
        if found is not None and isinstance(step, int):
            yield Measured(key, step, to_millis(times[number]) if number < len(times) else None, found)
