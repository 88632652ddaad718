"""From the files of a plain run folder to params, metrics, tags and what is known of the run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_core.runs.readers.documents import read_document
from lean_core.runs.readers.flat import clean, flatten, to_text
from lean_core.runs.readers.instant import to_millis
from lean_core.runs.readers.metric_lines import Point, latest
from lean_core.runs.readers.plain_layout import PlainRun
from lean_core.runs.readers.run_files import read_file
from lean_core.runs.readers.run_tables import Measured, measure, measured, read_rows

COMMIT_TAG = "mlflow.source.git.commit"
MODIFIED_TAG = "files.modified"
"""When the newest of the run's files was written: no fact about training (a copy is as new as the copying), so it is
neither start nor end, but something to sort by where nothing better is said."""

_STARTS = ("start_time", "started_at", "started", "start", "created_at", "timestamp", "date")
_ENDS = ("end_time", "stop_time", "finished_at", "ended_at", "ended", "end")
_COMMITS = ("git_commit", "commit", "git_sha", "git_hash", "commit_hash", "git.commit", "git.sha", COMMIT_TAG)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_STATUSES = {
    "FINISHED": ("finished", "completed", "complete", "success", "succeeded", "done"),
    "FAILED": ("failed", "error", "crashed", "died"),
    "RUNNING": ("running", "started"),
    "KILLED": ("killed", "interrupted", "aborted", "cancelled", "canceled", "timeout", "stopped"),
    "SCHEDULED": ("scheduled", "queued", "pending"),
}
_HISTORIES = ("log_history", "history")
"""Entries of a document that hold one mapping a step."""

Note = Callable[[str, str, str, bool], None]
"""Called with the kind, the file, a message, and whether something was left out."""


@dataclass(slots=True, kw_only=True)
class PlainRunFiles:
    """What the files of a plain run folder say; `read` must have been run through to its end."""

    run: PlainRun
    note: Note
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    status: str | None = None
    user: str | None = None
    start_time: int | None = None
    end_time: int | None = None
    _summary: dict[str, Measured] = field(default_factory=dict)
    _last: dict[str, Point] = field(default_factory=dict)
    _times: tuple[int, int] | None = None

    def read(self) -> Iterator[Measured]:
        """Read all files, yielding every point with a step."""
        for file in self.run.params:
            self._read_params(file)
        for file in self.run.facts:
            self._read_facts(file)
        for file in (*self.run.metrics, *self.run.curves):
            yield from self._placed(self._measure_file(file))
        yield from self._conclude()
        self._date()
        self._find_commit()

    def _placed(self, found: Iterator[Measured]) -> Iterator[Measured]:
        """Yield what has a step, remembering the latest; keep the rest for the end."""
        for one in found:
            if one.step is None:
                earlier = self._summary.setdefault(one.key, one)
                if earlier.value != one.value and earlier.value == earlier.value:  # noqa: PLR0124 - not NaN
                    self.note("metric that two files give differently", one.key, "", True)  # noqa: FBT003
                continue
            point = Point(one.step, one.time, one.value)
            before = self._last.get(one.key)
            self._last[one.key] = point if before is None else latest((before, point)) or point
            if one.time is not None:
                first, last = self._times or (one.time, one.time)
                self._times = min(first, one.time), max(last, one.time)
            yield one

    def _conclude(self) -> Iterator[Measured]:
        """Yield the values without a step: the result, which stands after the history unless it repeats its end."""
        for one in self._summary.values():
            last = self._last.get(one.key)
            if last is None:
                yield one._replace(step=0)
            elif last.value != one.value and one.value == one.value:  # noqa: PLR0124 - not NaN
                yield one._replace(step=(last.step or 0) + 1)

    def _read_params(self, file: str) -> None:
        document = self._document(file)
        if document is not None and not isinstance(document, dict):
            self.note("file of params without names", file, "", True)  # noqa: FBT003
        elif document:
            self._take_params(document, file)

    def _take_params(self, document: dict[str, Any], file: str) -> None:
        for key, value in self._flat(document, file):
            name, text = clean(key), to_text(value)
            if self.params.setdefault(name, text) != text:
                self.note("param that two files give differently", file, name, True)  # noqa: FBT003

    def _read_facts(self, file: str) -> None:
        document = self._document(file)
        if not isinstance(document, dict):
            return
        params, metrics = document.pop("params", None), document.pop("metrics", None)
        if isinstance(params, dict):
            self._take_params(params, file)
        if isinstance(metrics, dict):
            for _ in self._placed(self._measure_mapping(metrics, file)):
                pass
        facts = {clean(key): value for key, value in self._flat(document, file)}
        self.tags |= {key: to_text(value) for key, value in facts.items()}
        said = {key.lower(): value for key, value in facts.items()}
        self.name = self.name or _text(said, "run_name", "name")
        self.user = self.user or _text(said, "user", "author", "owner")
        self.status = self.status or _status(_text(said, "status", "state"))
        self.start_time = self.start_time or _first(to_millis(said.get(key)) for key in _STARTS)
        self.end_time = self.end_time or _first(to_millis(said.get(key)) for key in _ENDS)
        self._take_sacred(document)

    def _take_sacred(self, document: dict[str, Any]) -> None:
        """Take the commit that Sacred notes deep in its run.json."""
        experiment = document.get("experiment")
        repositories = experiment.get("repositories") if isinstance(experiment, dict) else None
        for repository in repositories if isinstance(repositories, list) else []:
            if isinstance(repository, dict) and isinstance(repository.get("commit"), str):
                self.tags.setdefault("commit", repository["commit"])

    def _measure_file(self, file: str) -> Iterator[Measured]:
        if file.endswith((".json", ".yaml", ".yml")):
            document = self._document(file)
            if isinstance(document, list):
                yield from measure(self._rows(document, file))
            elif isinstance(document, dict):
                yield from self._measure_mapping(document, file)
            elif document is not None:
                self.note("file of metrics without names", file, "", True)  # noqa: FBT003
            return
        curve = file in self.run.curves
        key = clean(file.removeprefix("dvclive/plots/metrics/").removesuffix(".tsv").replace("/", ".")) if curve else None
        bad: list[str] = []
        try:
            path = f"{self.run.path}/{file}"
            yield from measure(read_rows(path, lambda line, why: bad.append(f"line {line}: {why}")), key=key)
        except OSError as error:
            self.note("file that can't be read", file, error.strerror or "", True)  # noqa: FBT003
        if bad:
            self.note("malformed line of a table", file, f"{len(bad)} lines, the first is {bad[0]}", True)  # noqa: FBT003

    def _measure_mapping(self, document: dict[str, Any], file: str) -> Iterator[Measured]:
        """Yield the numbers of a document; what is not a number becomes a tag."""
        for key in _HISTORIES:
            if isinstance(document.get(key), list) and _are_mappings(document[key]):
                yield from measure(self._rows(document.pop(key), file))
        if "log_history" in document or file.endswith("trainer_state.json"):
            return
        step = document.pop("step") if isinstance(document.get("step"), int) and len(document) > 1 else None
        for key, value in self._flat(_unroll(document), file):
            name = clean(key)
            if isinstance(value, _Series):
                yield from value.measure(name)
            elif isinstance(value, list) and _are_mappings(value):
                rows = ({f"{name}.{column}": cell for column, cell in row.items()} for row in value)
                yield from measure(rows)
            elif (number := measured(value)) is not None:
                yield Measured(name, step, None, number)
            elif value is not None:
                self.tags[name] = to_text(value)

    def _rows(self, found: list[Any], file: str) -> Iterator[dict[str, Any]]:
        for row in found:
            if isinstance(row, dict):
                yield dict(self._flat(row, file))

    def _document(self, file: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        try:
            return read_document(f"{self.run.path}/{file}")
        except OSError as error:
            self.note("file that can't be read", file, error.strerror or "", True)  # noqa: FBT003
        except ValueError as error:
            self.note("file that can't be understood", file, str(error), True)  # noqa: FBT003
        return None

    def _flat(self, document: dict[str, Any], file: str) -> Iterator[tuple[str, Any]]:
        try:
            yield from flatten(document)
        except ValueError as error:
            self.note("file that can't be understood", file, str(error), True)  # noqa: FBT003

    def _date(self) -> None:
        """Where no file says it: the run lasted from the first to the last value with a time."""
        if self._times is not None:
            self.start_time = self.start_time or self._times[0]
            self.end_time = self.end_time or self._times[1]
        newest = max((_modified(f"{self.run.path}/{file}") for file in self.run.files), default=0.0)
        time = dt.datetime.fromtimestamp(newest, dt.UTC).replace(microsecond=0)
        self.tags.setdefault(MODIFIED_TAG, time.isoformat().replace("+00:00", "Z"))

    def _find_commit(self) -> None:
        for file in self.run.commits:
            try:
                self.tags.setdefault("commit", read_file(f"{self.run.path}/{file}", 1 << 16).decode().strip())
            except (OSError, UnicodeDecodeError):
                self.note("file that can't be read", file, "", True)  # noqa: FBT003
        said = (place.get(key, "") for place in (self.tags, self.params) for key in _COMMITS)
        commit = next((text.strip().lower() for text in said if _COMMIT.fullmatch(text.strip().lower())), None)
        if commit is not None:
            self.tags[COMMIT_TAG] = commit
