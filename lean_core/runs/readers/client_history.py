"""The histories of metrics, asked of a server in as few questions as it allows."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lean_core.runs import rows
from lean_core.runs.reader import Warnings
from lean_core.runs.readers.client_rows import restore_infinity, to_batch
from lean_core.runs.tracking import (
    Failure,
    Limits,
    Trouble,
    bounded,
    client_errors,
    connect,
    diagnose,
    explain,
    is_server,
    send,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow import MlflowClient

Point = tuple[str, str, int | None, int | None, float | None]
"""A row of `rows.POINT`."""

WORKERS = 4
"""Questions at once. A server answers one at a time per worker process; four keep it busy, more only queue."""
RUNS_AT_ONCE = 100
"""The most runs that the bulk question takes."""
POINTS_AT_ONCE = 25_000
"""The most points that the bulk answer gives; it is cut there without a word."""
LONGEST_ADDRESS = 3_500
"""Servers on gunicorn, MLflow's own until 3, refuse a request line over 4,094 characters."""
BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One metric of some runs."""

    key: str
    latest: dict[str, Point]
    """By run key: the latest value, by which a cut answer is recognised, and which stands in for one that fails."""


class Histories:
    """Asks one server for histories."""

    def __init__(self, client: MlflowClient, uri: str, limits: Limits, warnings: Warnings) -> None:
        """Take an open client and the address that it has."""
        self._client = client
        self._uri = uri
        self._limits = limits
        self._warnings = warnings
        self._has_bulk = is_server(uri)

    def fetch(self, latest: pa.Table) -> Iterator[tuple[pa.RecordBatch, int]]:
        """Yield the histories of all metrics in ``latest``, in parts, each with how many metrics of runs it completes.

        Raises:
            SourceError: the server went away.
        """
        questions = list(_questions(latest))
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="metric-history") as pool:
            waiting: list[Future[list[Point]]] = []
            try:
                for asked, question in enumerate(questions):
                    waiting.append(pool.submit(self._answer, question))
                    if len(waiting) > 2 * WORKERS:  # bounded, so that answers don't pile up
                        done = asked + 1 - len(waiting)
                        yield to_batch(rows.POINT, waiting.pop(0).result()), len(questions[done].latest)
                for question, future in zip(questions[len(questions) - len(waiting) :], waiting, strict=True):
                    yield to_batch(rows.POINT, future.result()), len(question.latest)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _answer(self, question: Question) -> list[Point]:
        points: list[Point] = []
        missing = question
        while self._has_bulk and len(missing.latest) > 1:
            histories = self._ask_for_many(missing)
            if not histories:
                break
            points += [point for history in histories.values() for point in history]
            left = {run: point for run, point in missing.latest.items() if run not in histories}
            missing = Question(key=question.key, latest=left)
        for run_key, point in missing.latest.items():
            points += self._ask_for_one(run_key, question.key, point)
        return points

    def _ask_for_many(self, question: Question) -> dict[str, list[Point]]:
        """Return those histories that surely are whole."""
        try:
            found = self._bulk(question)
        except client_errors() as error:
            self._raise_if_gone(diagnose(error))
            return {}
        histories: dict[str, list[Point]] = {}
        for one in found:
            run_key = str(one["run_id"])
            value = restore_infinity(float(one["value"]))
            histories.setdefault(run_key, []).append(
                (run_key, question.key, int(one["step"]), int(one["timestamp"]), value)
            )
        if len(found) >= POINTS_AT_ONCE:
            histories.popitem()  # the answer is ordered by run, and was cut in its last one
        return {
            run_key: history
            for run_key, history in histories.items()
            if run_key in question.latest and _holds(history, question.latest[run_key])
        }

    def _bulk(self, question: Question) -> list[dict[str, Any]]:
        asked = [("metric_key", question.key), *(("run_id", run_key) for run_key in question.latest)]
        with bounded(self._limits):
            answer = send(self._uri, BULK, "GET", params=asked)
        if answer.status_code == 404 or "json" not in answer.headers.get("content-type", ""):  # noqa: PLR2004
            self._has_bulk = False  # before MLflow 2.2, or behind something that knows only the documented interface
            return []
        found = answer.json().get("metrics", []) if answer.ok else []
        return found if isinstance(found, list) else []

    def _ask_for_one(self, run_key: str, key: str, latest: Point) -> list[Point]:
        try:
            with bounded(self._limits):
                history = self._client.get_metric_history(run_key, key)
        except client_errors() as error:
            self._raise_if_gone(diagnose(error))
            self._warnings.add(
                "metric history not readable", run_key, f"only the latest value of {key!r} was taken", skipped=True
            )
            return [latest]
        return [
            (run_key, key, metric.step, metric.timestamp, restore_infinity(metric.value)) for metric in history
        ] or [latest]

    def _raise_if_gone(self, failure: Failure) -> None:
        """Raise unless the trouble is with this one question, the server being there for others."""
        if failure.trouble in {Trouble.SILENT, Trouble.BROKEN_OFF} and is_server(self._uri):
            connect(self._uri, self._limits)
        elif failure.trouble in {Trouble.NAME, Trouble.REFUSED, Trouble.TLS, Trouble.DRIVER} or (
            failure.status in {401, 429, 502, 503, 504}
        ):
            raise explain(failure, self._uri, self._limits) from None


def _questions(latest: pa.Table) -> Iterator[Question]:
    """Bundle metrics by key, as many runs together as one address can name."""
    by_key: dict[str, dict[str, Point]] = {}
    times = latest.schema.get_field_index("time")
    columns = [column.cast("int64") if at == times else column for at, column in enumerate(latest.columns)]
    for point in zip(*(column.to_pylist() for column in columns), strict=True):
        by_key.setdefault(point[1], {})[point[0]] = point
    for key, points in by_key.items():
        room = LONGEST_ADDRESS - len(BULK) - len(quote(key)) - len("?metric_key=")
        part: dict[str, Point] = {}
        length = 0
        for run_key, point in points.items():
            length += len("&run_id=") + len(quote(run_key))
            if part and (length > room or len(part) == RUNS_AT_ONCE):
                yield Question(key=key, latest=part)
                part, length = {}, len("&run_id=") + len(quote(run_key))
            part[run_key] = point
        yield Question(key=key, latest=part)


def _holds(history: list[Point], latest: Point) -> bool:
    """Say whether the value that the listing called the latest is there; by its place, for NaN equals nothing."""
    return any(point[2:4] == latest[2:4] for point in history)
