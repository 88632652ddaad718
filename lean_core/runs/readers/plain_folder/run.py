"""Everything that the files of a plain run folder say, put together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from lean_core.runs.readers.metric_lines import Point, latest
from lean_core.runs.readers.plain_folder.facts import COMMIT_TAG, Facts, find_commit, find_facts, sacred_commit
from lean_core.runs.readers.plain_folder.flat import clean, to_text
from lean_core.runs.readers.plain_folder.metrics import PlainMetrics
from lean_core.runs.readers.plain_folder.notes import PlainNotes
from lean_core.runs.readers.plain_folder.tables import Measured
from lean_core.runs.readers.small_files import read_file

MODIFIED_TAG = "files.modified"
"""When the newest of the run's files was written. That is no fact about training (a copy is as new as the copying), so
it is neither a start nor an end, but something to sort by where nothing better is said."""
_LARGEST_COMMIT_FILE = 1 << 16


@dataclass(slots=True, kw_only=True)
class PlainRunFiles:
    """What the files say. The points come out of `read`; the rest is complete when that has come to its end."""

    notes: PlainNotes
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    _results: dict[str, Measured] = field(default_factory=dict)
    """Values without a step."""
    _last: dict[str, Point] = field(default_factory=dict)
    _times: list[int] = field(default_factory=list)
    """The first and the last of the points' times."""

    def read(self) -> Iterator[tuple[str, Point]]:
        """Read all files and yield every point with its key."""
        run = self.notes.run
        metrics = PlainMetrics(notes=self.notes, words=self.tags)
        for file in run.params:
            self._take_params(self.notes.mapping(file), file)
        for file in run.facts:
            yield from self._placed(self._read_facts(file, metrics))
        for file in (*run.metrics, *run.curves):
            yield from self._placed(metrics.read(file))
        yield from self._conclude()
        self._find_commit()
        self._date()

    def _placed(self, found: Iterator[Measured]) -> Iterator[tuple[str, Point]]:
        """Yield what has a step, and keep the rest for the end."""
        for one in found:
            if one.step is None:
                earlier = self._results.setdefault(one.key, one)
                if earlier.value != one.value and not _both_nan(earlier.value, one.value):
                    self.notes.add("metric that two files give differently", one.key)
                continue
            point = Point(one.step, one.time, one.value)
            before = self._last.get(one.key)
            self._last[one.key] = point if before is None else latest((before, point)) or point
            if one.time is not None:
                known = self._times or [one.time]
                self._times = [min(known[0], one.time), max(known[-1], one.time)]
            yield one.key, point

    def _conclude(self) -> Iterator[tuple[str, Point]]:
        """Yield the results: each stands one step behind the metric's history, unless that ends with the same value."""
        for one in self._results.values():
            last = self._last.get(one.key)
            if last is None:
                yield one.key, Point(0, one.time, one.value)
            elif last.value != one.value and not _both_nan(last.value, one.value):
                yield one.key, Point((last.step or 0) + 1, one.time, one.value)

    def _take_params(self, document: dict[str, Any], file: str) -> None:
        for key, value in self.notes.flat(document, file):
            name, text = clean(key), to_text(value)
            if self.params.setdefault(name, text) != text:
                self.notes.add("param that two files give differently", file, name)

    def _read_facts(self, file: str, metrics: PlainMetrics) -> Iterator[Measured]:
        """Take what a file says of the run itself, and its params and metrics where it is the run's only file."""
        document = self.notes.mapping(file)
        params, measured = document.pop("params", None), document.pop("metrics", None)
        if isinstance(params, dict):
            self._take_params(params, file)
        if isinstance(measured, dict):
            yield from metrics.mapping(measured, file)
        said = {clean(key): value for key, value in self.notes.flat(document, file)}
        self.tags |= {key: to_text(value) for key, value in said.items() if value is not None}
        commit = sacred_commit(document)
        if commit is not None:
            self.tags.setdefault(COMMIT_TAG, commit)
        self._take_facts(find_facts(said))

    def _take_facts(self, found: Facts) -> None:
        """Add what was not said before."""
        pairs = {entry.name: (getattr(self.facts, entry.name), getattr(found, entry.name)) for entry in fields(Facts)}
        self.facts = Facts(**{name: new if old is None else old for name, (old, new) in pairs.items()})

    def _find_commit(self) -> None:
        said = [self.tags, self.params]
        for file in self.notes.run.commits:
            try:
                text = read_file(f"{self.notes.run.path}/{file}", _LARGEST_COMMIT_FILE).decode("utf-8", "replace")
            except OSError as error:
                self.notes.add("file that can't be read", file, error.strerror or "")
            else:
                said.append({"commit": text})
        commit = next((found for texts in said if (found := find_commit(texts)) is not None), None)
        if commit is not None:
            self.tags[COMMIT_TAG] = commit

    def _date(self) -> None:
        """Where no file says it, the run lasted from the first to the last value that has a time."""
        if self._times:
            self._take_facts(Facts(start_time=self._times[0], end_time=self._times[-1]))
        run = self.notes.run
        newest = max((_modified(f"{run.path}/{file}") for file in run.files), default=0.0)
        self.tags.setdefault(MODIFIED_TAG, f"{dt.datetime.fromtimestamp(newest, dt.UTC):%Y-%m-%dT%H:%M:%SZ}")


def _both_nan(one: float, other: float) -> bool:
    return math.isnan(one) and math.isnan(other)


def _modified(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0
