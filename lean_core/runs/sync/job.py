"""Import one source.

Rows go in under fresh numbers, in short bursts that let other processes work between them; no run points to them yet.
One last transaction puts the runs in place of the older ones. Whatever interrupts a sync before that leaves the last
complete state, and rows that the next sync sweeps. Where a reader hands over the rows that may have changed, and they
are not too many, that one transaction is all.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from lean_core import clock
from lean_core.errors import LeanError, SourceError, SyncBusy
from lean_core.runs import rows
from lean_core.runs.reader import Amendment, Reader, SyncWarning
from lean_core.runs.source import Source
from lean_core.runs.sync import owner, table
from lean_core.runs.sync.plan import Change, Plan, plan, plan_amendment
from lean_core.runs.sync.report import SyncProgress, SyncReport, seconds_left
from lean_core.settings import redact
from lean_core.store import Store

if TYPE_CHECKING:
    import duckdb

BURST_BYTES = 160_000_000
"""About a second of writing, as long as another process may have to wait. Each burst ends with a checkpoint, so that
bursts of a third of this took a third more in all (measured)."""
SIGN_OF_LIFE_SECONDS = 15.0

Waiting = dict[str, list[pa.RecordBatch]]
"""Rows that are read and not written yet, by table."""

_WARNING = pa.schema([("kind", pa.string()), ("place", pa.string()), ("message", pa.string()), ("skipped", pa.bool_())])


def sync_source(
    store: Store, source: Source, *, open_reader: Callable[[Source], Reader], tell: Callable[[SyncProgress], None]
) -> SyncReport:
    """Bring one source's runs into the store.

    Args:
        store: the workspace's.
        source: what to import.
        open_reader: opens it.
        tell: called with the progress; what it raises interrupts the sync.

    Returns:
        the counts and warnings; where the source can't be read, or another process is importing it, the report has
        the state ``failed``, and the last import stays, if there is one.

    Raises:
        StoreError: the workspace's file can't be used.
    """
    job = _Job(store=store, source=source, tell=tell)
    job.say("looking")
    try:
        with contextlib.closing(open_reader(source)) as reader:
            return job.run(reader)
    except SourceError as error:
        return job.fail(error)
    except SyncBusy as error:
        return job.refuse(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What belongs to the source as a whole."""

    gone: tuple[str, ...]
    bookmark: bytes
    catalog: dict[str, pa.Table]
    warnings: tuple[SyncWarning, ...]

    @classmethod
    def of(cls, todo: Plan | Change, reader: Reader, catalog: dict[str, pa.Table]) -> _Rest:
        return cls(gone=todo.gone, bookmark=todo.bookmark, catalog=catalog, warnings=tuple(reader.warnings.found))


@dataclass(slots=True, kw_only=True)
class _Job:
    store: Store
    source: Source
    tell: Callable[[SyncProgress], None]
    began: float = field(default_factory=time.monotonic)
    state: str | None = None
    bookmark: table.Bookmark | None = None

    def run(self, reader: Reader) -> SyncReport:
        """Scan, compare, load, replace."""
        self.state = reader.state()
        with self.store.write() as cursor:
            self._declare(cursor)
            if self.state is not None and self.state == table.state_of(cursor, self.source.name):
                return self._nothing_changed(cursor)
            self.bookmark = table.bookmark_of(cursor, self.source.name)
        found = reader.scan(self.bookmark.content if self.bookmark is not None else None)
        if isinstance(found, Amendment):
            return self._amend(reader, found)
        with self.store.write() as cursor:
            if found is None:
                return self._nothing_changed(cursor)
            self._declare(cursor)  # somebody else may have begun during the scan
            todo = plan(cursor, self.source.name, found)
            lease = self._begin(cursor, todo.runs.num_rows)
        return self._load_and_replace(reader, todo, lease)

    def _amend(self, reader: Reader, found: Amendment) -> SyncReport:
        """Change in place what is new or differs; where that is too much to hold, load the runs and replace them."""
        catalog = reader.catalog()
        with self.store.write() as cursor:
            self._declare(cursor)
            if table.last_sync_of(cursor, self.source.name) != (self.bookmark and self.bookmark.sync):
                raise SyncBusy(f"source {self.source.name} was synced by another process meanwhile; sync again.")
            todo = plan_amendment(cursor, self.source.name, found)
            if isinstance(todo, Change):
                self.say("importing", runs=todo.runs.num_rows)
                lease = self._begin(cursor, todo.new)
                replaced = table.amend_runs(cursor, lease, found, todo.runs)
                self.say("importing", done=1.0, runs=todo.runs.num_rows)
                self.say("finishing", done=1.0, runs=todo.runs.num_rows)
                return self._conclude(cursor, lease, replaced, _Rest.of(todo, reader, catalog))
            if todo is not None:
                lease = self._begin(cursor, todo.runs.num_rows)
        if todo is not None:
            return self._load_and_replace(reader, todo, lease)
        assert found.read_all is not None  # noqa: S101 - a plan is made of what it hands over
        return self._amend(reader, found.read_all())

    def _begin(self, cursor: duckdb.DuckDBPyConnection, runs: int) -> table.Lease:
        return table.begin(cursor, source=self.source.name, owner=owner.this_process(), runs=runs, now=clock.now())

    def _load_and_replace(self, reader: Reader, todo: Plan, lease: table.Lease) -> SyncReport:
        try:
            return self._import(reader, todo, lease)
        except BaseException:
            # A thread that Streamlit stops, Ctrl-C and errors end here; after a kill the next sync sweeps.
            with contextlib.suppress(LeanError), self.store.write() as cursor:
                table.sweep(cursor, lease)
            raise

    def _declare(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Note the source, refuse to import it twice at once, and sweep what an interrupted sync left."""
        table.declare_source(cursor, self.source.name, uri=redact(self.source.uri), kind=self.source.kind)
        for earlier in table.unfinished(cursor, self.source.name):
            if owner.is_alive(earlier.owner, seen_at=earlier.seen_at, now=clock.now()):
                message = (
                    f"source {self.source.name} is being synced by process {earlier.owner} since"
                    f" {earlier.started_at:%H:%M:%S} UTC; wait until it is done."
                )
                raise SyncBusy(message)
            table.sweep(cursor, earlier.lease)

    def fail(self, error: SourceError) -> SyncReport:
        """Record why the source could not be read."""
        with self.store.write() as cursor:
            table.declare_source(cursor, self.source.name, uri=redact(self.source.uri), kind=self.source.kind)
            table.mark_failed(cursor, self.source.name, str(error), clock.now())
        return self.refuse(error)

    def refuse(self, error: LeanError) -> SyncReport:
        """Report why nothing was imported."""
        with self.store.read() as cursor:
            keeps = table.was_synced(cursor, self.source.name)
        return SyncReport(
            source=self.source.name,
            state="failed",
            error=str(error),
            keeps=keeps,
            seconds=time.monotonic() - self.began,
        )

    def say(self, phase: str, *, done: float = 0.0, runs: int = 0, left: float | None = None) -> None:
        """Tell the progress."""
        self.tell(SyncProgress(source=self.source.name, phase=phase, done=done, runs=runs, seconds_left=left))

    def _nothing_changed(self, cursor: duckdb.DuckDBPyConnection) -> SyncReport:
        table.mark_synced(cursor, self.source.name, clock.now())
        return SyncReport(
            source=self.source.name,
            state="unchanged",
            unchanged=table.count_present(cursor, self.source.name),
            warnings=tuple(table.warnings_of(cursor, self.source.name)),
            seconds=time.monotonic() - self.began,
        )

    def _import(self, reader: Reader, todo: Plan, lease: table.Lease) -> SyncReport:
        keys = todo.numbered(lease.first_run_no)
        runs, waiting = self._load(reader, todo, lease, keys)
        catalog = reader.catalog()
        self.say("finishing", done=1.0, runs=keys.num_rows)
        with self.store.write() as cursor:
            self._insert(cursor, lease, keys, waiting)
            table.fold_metrics(cursor, lease)
            replaced = table.replace_runs(cursor, lease, runs, keys)
            return self._conclude(cursor, lease, replaced, _Rest.of(todo, reader, catalog))

    def _conclude(
        self, cursor: duckdb.DuckDBPyConnection, lease: table.Lease, replaced: table.Replaced, rest: _Rest
    ) -> SyncReport:
        """Write what belongs to the source as a whole, and report."""
        gone_now = table.mark_gone(cursor, self.source.name, rest.gone, clock.now())
        table.replace_catalog(cursor, self.source.name, rest.catalog)
        table.replace_warnings(cursor, self.source.name, _as_table(rest.warnings))
        report = SyncReport(
            source=self.source.name,
            state="ok",
            imported=replaced.new,
            changed=replaced.changed,
            unchanged=table.count_present(cursor, self.source.name) - replaced.new - replaced.changed,
            deleted=replaced.deleted + gone_now,
            gone=len(rest.gone),
            warnings=rest.warnings,
            seconds=time.monotonic() - self.began,
        )
        table.keep_bookmark(cursor, lease, rest.bookmark, self.state)
        table.mark_synced(cursor, self.source.name, clock.now())
        table.finish(cursor, lease, report, clock.now())
        return report

    def _load(self, reader: Reader, todo: Plan, lease: table.Lease, keys: pa.Table) -> tuple[pa.Table, Waiting]:
        """Write what belongs to the runs, in bursts; return the runs themselves and what is not written yet."""
        runs: list[pa.RecordBatch] = []
        waiting: Waiting = {}
        held = bursts = 0
        began = last_sign = time.monotonic()
        self.say("importing", runs=keys.num_rows)
        for chunk in reader.load(todo.load) if keys.num_rows else ():
            if chunk.table == "run":
                runs.append(chunk.rows)
            else:
                waiting.setdefault(chunk.table, []).append(chunk.rows)
                held += chunk.rows.nbytes
            elapsed = time.monotonic() - began
            left = seconds_left(chunk.done, elapsed=elapsed, bursts=bursts)
            self.say("importing", done=chunk.done, runs=keys.num_rows, left=left)
            if held >= BURST_BYTES or time.monotonic() - last_sign > SIGN_OF_LIFE_SECONDS:
                with self.store.write() as cursor:
                    self._insert(cursor, lease, keys, waiting)
                waiting, held, last_sign = {}, 0, time.monotonic()
                bursts += 1
        return pa.Table.from_batches(runs, rows.RUN), waiting

    def _insert(self, cursor: duckdb.DuckDBPyConnection, lease: table.Lease, keys: pa.Table, waiting: Waiting) -> None:
        self._still_ours(cursor, lease)
        for name, batches in waiting.items():
            table.insert_rows(cursor, name, pa.Table.from_batches(batches), keys)

    def _still_ours(self, cursor: duckdb.DuckDBPyConnection, lease: table.Lease) -> None:
        if not table.renew(cursor, lease, clock.now()):
            message = (
                f"source {self.source.name}: this sync was silent for so long that another process took over;"
                " nothing of it was kept."
            )
            raise SyncBusy(message)


def _as_table(warnings: tuple[SyncWarning, ...]) -> pa.Table:
    columns = {name: [getattr(warning, name) for warning in warnings] for name in _WARNING.names}
    return pa.table(columns, schema=_WARNING)
