"""Runs through MLflow's own client: a tracking server, or a store that no direct reader understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from math import ceil
from typing import TYPE_CHECKING

from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.client_catalog import EXPERIMENTS_AT_ONCE, every, in_parts, list_experiments, read_catalog
from lean_core.runs.readers.client_history import Histories
from lean_core.runs.readers.client_rows import Listed
from lean_core.runs.readers.read_only import protect
from lean_core.runs.tracking import Limits, connect, is_server, open_client, talking

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow import MlflowClient
    from mlflow.entities import Experiment, Run

RUNS_AT_ONCE = 1000
"""A page: at some 1.4 ms a run, the answer begins well within the time-out."""
CHUNK = 65_536


class ClientReader:
    """Reads whatever MLflow's client can open. A listing tells all but the metric histories, so `load` asks for those.

    Runs are listed oldest first and deleted ones included, so that runs which start or get deleted meanwhile don't
    shift the pages.
    """

    def __init__(self, uri: str, *, timeout: float = 10.0) -> None:
        """Prepare to read ``uri``, waiting ``timeout`` seconds for each answer; nothing is opened yet."""
        self.warnings = Warnings()
        self._uri = uri
        self._limits = Limits(timeout=max(1, ceil(timeout)))  # MLflow takes whole seconds
        self._leaving = ExitStack()
        self._client: MlflowClient | None = None
        self._opened = uri
        self._listed: Listed | None = None
        self._catalog: dict[str, pa.Table] = {}

    def state(self) -> str | None:
        """Return None: whether anything changed takes a scan."""
        return None

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        """List every run, with a number that changes when anything does that the listing tells of it.

        Raises:
            SourceError: the source is missing, unreachable, forbidden or unreadable.
        """
        listed = self._list()
        mark = _bookmark(listed, self._catalog)
        return None if mark == bookmark else Listing(runs=listed.scan(), bookmark=mark)

    def catalog(self) -> dict[str, pa.Table]:
        """Return experiments, registered models, their versions and logged models, as of the last scan."""
        if self._listed is None:
            self._list()
        return self._catalog

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs: what the scan listed, then the histories of their metrics.

        Raises:
            SourceError: the server went away.
        """
        listed = self._listed or self._list()
        wanted = {name: listed.select(name, run_keys) for name in rows.OF_RUNS}
        latest = wanted.pop("point")
        done, whole = len(wanted["run"]), max(1, len(wanted["run"]) + len(latest))
        for name, table in wanted.items():
            for batch in table.to_batches(max_chunksize=CHUNK):
                yield Chunk(table=name, rows=batch, done=done / whole)
        with talking(self._uri, self._limits):
            histories = Histories(self._open(), self._opened, self._limits, self.warnings)
        for points, completed in histories.fetch(latest):
            done += completed
            for start in range(0, len(points), CHUNK):
                yield Chunk(table="point", rows=points.slice(start, CHUNK), done=done / whole)

    def close(self) -> None:
        """Remove what was copied to be read."""
        self._client = None
        self._leaving.close()

    def _list(self) -> Listed:
        if is_server(self._uri):
            connect(self._uri, self._limits)
        with talking(self._uri, self._limits):
            client = self._open()
            experiments = list_experiments(client)
            listed = _list_runs(client, experiments)
            self._catalog = read_catalog(client, experiments, self.warnings)
        self._listed = listed
        return listed

    def _open(self) -> MlflowClient:
        if self._client is None:
            if not is_server(self._uri):
                self._opened = protect(self._uri, self._limits, self._leaving)
            self._client = open_client(self._opened)
        return self._client


def _list_runs(client: MlflowClient, experiments: Sequence[Experiment]) -> Listed:
    from mlflow.entities import ViewType

    listed = Listed()
    ids = [experiment.experiment_id for experiment in experiments]
    for part in in_parts(ids, EXPERIMENTS_AT_ONCE):
        page: list[Run] = []
        for run in every(
            client.search_runs,
            experiment_ids=list(part),
            run_view_type=ViewType.ALL,
            max_results=RUNS_AT_ONCE,
            order_by=["attributes.start_time ASC"],
        ):
            page.append(run)
            if len(page) == RUNS_AT_ONCE:
                listed.add(page)
                page = []
        listed.add(page)
    return listed


def _bookmark(listed: Listed, catalog: dict[str, pa.Table]) -> bytes:
    digest = blake2b(digest_size=16)
    digest.update(repr(sorted(listed.fingerprints.items())).encode())
    for name, table in sorted(catalog.items()):
        digest.update(name.encode() + repr(table.to_pylist()).encode("utf-8", "backslashreplace"))
    return b"client-1:" + digest.digest()
