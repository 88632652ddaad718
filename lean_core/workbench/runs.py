"""What a workbench does with runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.settings import FILE_NAME, path_of, redact, scheme_of

if TYPE_CHECKING:
    from lean_core.runs import (
        ArtifactLocation,
        Detected,
        Direction,
        Environment,
        Group,
        Hits,
        MetricHistory,
        Missing,
        Models,
        Moment,
        Note,
        Run,
        RunPage,
        RunQuery,
        SavedView,
        Source,
        SourceState,
        SyncProgress,
        SyncReport,
        SyncWarning,
        VersionPage,
    )
    from lean_core.store import JournalEntry

from lean_core.workbench.base import Base

RUNS_AT_ONCE = 2_000
"""How many runs are held where all of them are asked for; with 20 params and 10 metrics each, some 30 MB."""


@dataclass(frozen=True, kw_only=True)
class RunsBench(Base):
    """Sources of runs, runs, and what people say about them."""

    # Sources

    def source(self, name: str) -> Source:
        """Return a source of the settings.

        Raises:
            UsageError: there is none of that name.
        """
        from lean_core.runs import Source

        if name not in self.settings.sources:
            known = ", ".join(self.settings.sources) or "none"
            raise UsageError(f"there is no source {name!r} in {FILE_NAME}; it has: {known}.")
        settings = self.settings.sources[name]
        return Source(
            name=name,
            uri=settings.uri,
            kind=settings.kind,
            folder=self.folder,
            timeout=self.settings.server.timeout.total_seconds(),
            also=frozenset(
                path_of(other.uri, self.folder)
                for each, other in self.settings.sources.items()
                if each != name and scheme_of(other.uri) in {None, "sqlite", "file"}
            ),
        )

    def sync(
        self, names: Sequence[str] | None = None, progress: Callable[[SyncProgress], None] | None = None
    ) -> list[SyncReport]:
        """Import sources; one that fails does not stop the others.

        Args:
            names: which ones; None: all.
            progress: called while it works.

        Raises:
            UsageError: a name is unknown.
            StoreError: the workspace's file can't be used.
        """
        from lean_core.runs import open_reader, sync_source

        sources = [self.source(name) for name in (self.settings.sources if names is None else names)]
        tell = progress or (lambda _: None)
        return [sync_source(self.store, source, open_reader=open_reader, tell=tell) for source in sources]

    def detect(self) -> Detected:
        """Look what lies in the folder that no source names yet."""
        from lean_core.runs import detect, leave_out

        return leave_out(detect(self.folder), [self.source(name) for name in self.settings.sources])

    def sources(self) -> list[SourceState]:
        """Return the sources of the settings with the state of each."""
        from lean_core.runs import SourceState, source_states

        with self.store.read() as cursor:
            known = source_states(cursor)
        return [
            known.get(
                (name, redact(settings.uri)),
                SourceState(name=name, uri=redact(settings.uri), kind=settings.kind),
            )
            for name, settings in self.settings.sources.items()
        ]

    def warnings(self, source: str) -> list[SyncWarning]:
        """Return the warnings of a source's last sync."""
        from lean_core.runs import warnings_of

        with self.store.read() as cursor:
            return warnings_of(cursor, source)

    def last_sync(self) -> dt.datetime | None:
        """Return when a source was last synced."""
        from lean_core.runs import last_success

        with self.store.read() as cursor:
            return last_success(cursor)

    # Runs

    def runs(self, query: RunQuery) -> RunPage:
        """Return the page of runs that a query asks for.

        Raises:
            FilterError, UsageError: the query is not possible.
        """
        from lean_core.runs import find_runs

        with self.store.read() as cursor:
            return find_runs(cursor, query, self._moment())

    def refs(self, query: RunQuery) -> Hits:
        """Return which runs a query asks for.

        Raises:
            FilterError, UsageError: the query is not possible.
        """
        from lean_core.runs import find_refs

        with self.store.read() as cursor:
            return find_refs(cursor, query, self._moment())

    def load_each(self, refs: Sequence[str]) -> Iterator[Run]:
        """Yield runs by reference, in this order; some are held at a time, and the file is let go of in between."""
        for start in range(0, len(refs), RUNS_AT_ONCE):
            yield from self.load(refs[start : start + RUNS_AT_ONCE])

    def load(self, refs: Sequence[str]) -> list[Run]:
        """Return runs by reference (`Run.ref`), in this order; unknown ones are left out."""
        from lean_core.runs import load_runs

        with self.store.read() as cursor:
            return load_runs(cursor, tuple(refs), self._moment())

    def groups(self, query: RunQuery, *, but: Sequence[str], metrics: Sequence[str]) -> list[Group]:
        """Group a query's runs by all params but some, with mean, sd and n of metrics."""
        from lean_core.runs import group_runs

        with self.store.read() as cursor:
            return group_runs(cursor, query, self._moment(), but=tuple(but), metrics=tuple(metrics))

    def histories(self, refs: Sequence[str]) -> list[MetricHistory]:
        """Return all values of the metrics of runs, each in the order of its steps."""
        from lean_core.runs import metric_histories

        with self.store.read() as cursor:
            return metric_histories(cursor, tuple(refs))

    def models(self, run: Run) -> Models:
        """Return the models that came out of a run."""
        from lean_core.runs import models_of

        with self.store.read() as cursor:
            return models_of(cursor, run)

    def registered_versions(self, *, limit: int, offset: int = 0) -> VersionPage:
        """Return a page of what is registered in the sources' own model registries."""
        from lean_core.runs import list_versions

        with self.store.read() as cursor:
            return list_versions(cursor, limit=limit, offset=offset)

    def artifact_location(self, run: Run) -> ArtifactLocation:
        """Return where a run's artifacts lie."""
        from lean_core.runs import ArtifactLocation

        settings = self.settings.sources.get(run.source)
        served = settings is not None and scheme_of(settings.uri) in {"http", "https"}
        return ArtifactLocation(
            uri=run.artifact_uri, path=run.artifact_path, tracking_uri=settings.uri if settings and served else None
        )

    def environment(self, run: Run) -> Environment | Missing:
        """Return the Python and packages of a run, as its artifacts tell."""
        from lean_core.runs import ArtifactLocation, read_environment

        logged = [ArtifactLocation(uri=None, path=model.artifact_path) for model in self.models(run).logged]
        return read_environment([self.artifact_location(run), *(each for each in logged if each.path)])

    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Return every metric, param and tag key that exists, by kind."""
        from lean_core.runs import known_keys

        with self.store.read() as cursor:
            return known_keys(cursor)

    def experiments(self) -> list[str]:
        """Return the names of experiments, each once."""
        from lean_core.runs import experiment_names

        with self.store.read() as cursor:
            return experiment_names(cursor)

    def _moment(self) -> Moment:
        from lean_core.runs import Moment

        return Moment(now=clock.now(), abandoned_after=self.settings.runs.abandoned_after)

    # Opinions

    def note(self, ref: str) -> Note | None:
        """Return the note on a run."""
        from lean_core.runs import read_note

        with self.store.read() as cursor:
            return read_note(cursor, ref)

    def write_note(self, ref: str, body: str, *, actor: str) -> None:
        """Write the note on a run; an empty one is deleted."""
        from lean_core.runs import write_note

        with self.store.write() as cursor:
            write_note(cursor, ref, body, actor=actor)

    def set_local_tag(self, ref: str, key: str, value: str | None, *, actor: str) -> None:
        """Set a local tag on a run; None removes it."""
        from lean_core.runs import remove_local_tag, set_local_tag

        with self.store.write() as cursor:
            if value is None:
                remove_local_tag(cursor, ref, key, actor=actor)
            else:
                set_local_tag(cursor, ref, key, value, actor=actor)

    def changes(self, noun: str, subject: str) -> list[JournalEntry]:
        """Return the journal of one thing, newest first."""
        from lean_core.store import entries

        with self.store.read() as cursor:
            return entries(cursor, noun=noun, subject=subject)

    def directions(self) -> dict[str, Direction]:
        """Return which way each metric is better, as somebody said."""
        from lean_core.runs import directions

        with self.store.read() as cursor:
            return directions(cursor)

    def set_directions(self, directions: Mapping[str, Direction | None], *, actor: str) -> None:
        """Say of metrics which way is better, of all or of none; None forgets it."""
        from lean_core.runs import set_direction

        with self.store.write() as cursor:
            for key, direction in directions.items():
                set_direction(cursor, key, direction, actor=actor)

    def views(self) -> list[SavedView]:
        """Return the saved views, by name."""
        from lean_core.runs import saved_views

        with self.store.read() as cursor:
            return saved_views(cursor)

    def save_view(self, name: str, query: str, *, actor: str) -> None:
        """Save a view of the page *Runs* under a name."""
        from lean_core.runs import save_view

        with self.store.write() as cursor:
            save_view(cursor, name, query, actor=actor)

    def delete_view(self, name: str, *, actor: str) -> None:
        """Delete a saved view."""
        from lean_core.runs import delete_view

        with self.store.write() as cursor:
            delete_view(cursor, name, actor=actor)
