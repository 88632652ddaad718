"""Open a workspace and hand each area what it needs: the only wiring."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lean_core import clock
from lean_core.errors import CreateUnsafe, NotInRegistry, ObjectsForbidden, SettingsError, SourceMissing, UsageError
from lean_core.settings import FILE_NAME, Settings, load_settings, path_of, redact, scheme_of

if TYPE_CHECKING:
    from lean_core.objects import Objects
    from lean_core.registry import (
        Approval,
        Attestation,
        Deployment,
        Drill,
        Event,
        File,
        Gate,
        Trail,
        Version,
        Waiver,
        Withdrawal,
    )
    from lean_core.registry.adoption import Adoption, AdoptionRequest
    from lean_core.registry.foreign import Foreign, ForeignFolders
    from lean_core.registry.index import IndexState, Model, RefreshReport
    from lean_core.registry.record import MlflowVersion, Record
    from lean_core.registry.request import Draft, Request, RunFacts
    from lean_core.registry.step import Tell
    from lean_core.registry.verify import Depth, Finding, Scope
    from lean_core.releases import (
        DrillEvidence,
        EnvironmentState,
        KnownTrail,
        Matrix,
        NoWayBack,
        Observation,
        Order,
        Shell,
    )
    from lean_core.releases.case import Asked, Case, Reach
    from lean_core.releases.difference import Chosen, Difference
    from lean_core.releases.plan import DeploymentPlan, RollbackPlan
    from lean_core.releases.policy import Policy
    from lean_core.releases.self_test import Trial
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
        Preview,
        Run,
        RunPage,
        RunQuery,
        SavedView,
        Source,
        SourceState,
        SourceVersion,
        SyncProgress,
        SyncReport,
        SyncWarning,
    )
    from lean_core.store import JournalEntry, Store
    from lean_core.store.contents import TableCount

STORE_NAME = "lean.duckdb"
_OF_MLFLOW = ("mlruns", "mlartifacts")
"""Folders that MLflow makes beside its database."""
RUNS_AT_ONCE = 2_000
"""How many runs are held where all of them are asked for; with 20 params and 10 metrics each, some 30 MB."""


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """A workspace, open. Nothing is held between two calls."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Workbench:
        """Open the workspace in a folder.

        Raises:
            SettingsError: lean.toml has a mistake.
            NoWorkspace: there is none.
        """
        return cls(folder=folder, settings=load_settings(folder))

    @cached_property
    def store(self) -> Store:
        """The workspace's file."""
        from lean_core.store import Store

        return Store(self.folder / STORE_NAME, busy_timeout=self.settings.store.busy_timeout.total_seconds())

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.settings.workspace.name

    @property
    def repository(self) -> Path:
        """The git repository in which the runs' commits are looked up."""
        return self.folder / self.settings.workspace.repository

    def version(self) -> str:
        """Return a text that changes whenever something is written: what a cached answer rests on."""
        return self.store.version()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the workspace's file open over several questions: opening it takes as long as one of them.

        Raises:
            StoreBusy: somebody else has it now; there is no waiting.
            StoreError: the file can't be used.
        """
        from lean_core.store import Store

        with Store(self.store.path, busy_timeout=0).read():
            yield

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

    # The file

    def contents(self) -> list[TableCount]:
        """Return what is in the file."""
        from lean_core.store.contents import table_counts

        with self.store.read() as cursor:
            return table_counts(cursor)

    def file_bytes(self) -> int:
        """Return the file's size."""
        return self.store.path.stat().st_size if self.store.path.exists() else 0

    def schema_version(self) -> int:
        """Return the number of the file's schema."""
        from lean_core.store.contents import schema_version

        with self.store.read() as cursor:
            return schema_version(cursor)

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

    # Registry

    def objects(self) -> Objects:
        """Return the place where the versions of models lie, without touching it yet.

        Raises:
            SettingsError: lean.toml names none.
            NameRefused: it names no bucket, or holds credentials.
        """
        from lean_core.objects import open_objects

        settings = self.settings.registry
        if settings is None:
            raise SettingsError(
                f'{self.folder / FILE_NAME} names no registry: add a line [registry], and below it uri = "registry"'
                ' (a folder), or uri = "s3://bucket/prefix"'
            )
        return open_objects(
            settings.uri,
            folder=self.folder,
            endpoint=settings.endpoint,
            region=settings.region,
            single_writer=settings.single_writer,
        )

    def refresh_registry(self, tell: Tell | None = None) -> RefreshReport:
        """Bring the index up to what the registry holds; where it can't be read, the last index stays, as stale.

        Args:
            tell: called with the progress.

        Raises:
            UsageError: lean.toml names no registry, or none that can be.
            StoreError: the workspace's file can't be used.
        """
        from lean_core.registry import tell_nobody
        from lean_core.registry.index import refresh_index

        return refresh_index(self.store, self.objects(), tell=tell or tell_nobody)

    def registry_state(self) -> IndexState:
        """Return how far the index of the registry can be trusted."""
        from lean_core.registry.index import index_state

        uri = self.objects().uri
        with self.store.read() as cursor:
            return index_state(cursor, uri)

    def registry_models(self) -> list[Model]:
        """Return the models in the registry, as the index knows them."""
        from lean_core.registry.index import indexed_models

        with self.store.read() as cursor:
            return indexed_models(cursor)

    def registry_versions(self, model: str) -> list[Version]:
        """Return the versions of a model, the newest first, as the index knows them."""
        from lean_core.registry.index import indexed_versions

        with self.store.read() as cursor:
            return indexed_versions(cursor, model)

    def registry_version(self, model: str, version: str) -> Version | None:
        """Return a version as the index knows it, or None where it knows none."""
        from lean_core.registry.index import indexed_version

        with self.store.read() as cursor:
            return indexed_version(cursor, model, version)

    def registry_trail(self, model: str | None = None, version: str | None = None) -> Trail:
        """Return what happened to all models or one, to all versions or one, as the index knows it."""
        from lean_core.registry.index import indexed_trail

        with self.store.read() as cursor:
            return indexed_trail(cursor, model, version)

    def preview_file(self, file: File) -> Preview:
        """Return what can be shown of a version's file: its beginning, read as data; never loaded as a model.

        Raises:
            ObjectsError: it can't be read.
        """
        from lean_core.runs import preview_content

        return preview_content(file.key, file.bytes, read=lambda limit: self.objects().read(file.key, limit=limit))

    def verify_registry(self, scope: Scope, *, depth: Depth, tell: Tell) -> Iterator[Finding]:
        """Yield what is wrong with the registry itself, a model or a version; nothing of the index is asked.

        Raises:
            UsageError: lean.toml names no registry, or the registry has nothing of these names.
            ObjectsError: it can't be read.
        """
        from lean_core.git import find_root
        from lean_core.registry.buckets import Buckets
        from lean_core.registry.data_state import DataPlaces
        from lean_core.registry.verify import Outside, verify_registry

        objects, settings = self.objects(), self.settings.registry
        buckets = Buckets(endpoint=settings.endpoint, region=settings.region) if settings else Buckets()
        root = find_root(self.repository)
        folders = (*([root] if root else []), self.repository, self.folder)
        outside = Outside(repository=self.repository, data=DataPlaces(folders=folders, exists=buckets.exists))
        return verify_registry(objects, scope, depth=depth, outside=outside, tell=tell)

    # Releases

    def check_environment(self, name: str) -> str:
        """Return the name of an environment of the settings, or refuse it.

        Raises:
            UsageError: there is none of that name.
        """
        order = self.settings.environments.order
        if name not in order:
            raise UsageError(f"there is no environment {name!r} in {FILE_NAME}; it has: {', '.join(order)}")
        return name

    def trail(self, model: str) -> KnownTrail:
        """Read what happened to the versions of a model, from the registry itself.

        Raises:
            NotInRegistry: there is no such model.
            ObjectsError: it can't be read.
        """
        from lean_core.registry import read_trail
        from lean_core.releases import know

        objects = self.objects()
        trail = know(model, read_trail(objects, model))
        is_known = trail.events or trail.unreadable or model in self.settings.probes
        if not (is_known or objects.list_folders(f"{model}/")):
            raise NotInRegistry(f"there is no model {model} in {objects.uri}: correct the name, or register it first")
        return trail

    def trails(self) -> list[KnownTrail]:
        """Read what happened to the versions of every model, from the registry itself.

        A model that only a probe names has an empty trail: it may run somewhere all the same.

        Raises:
            ObjectsError: it can't be read.
        """
        from lean_core.registry import list_models, read_trail
        from lean_core.releases import know

        objects = self.objects()
        models = dict.fromkeys([*list_models(objects), *self.settings.probes])
        return [know(model, read_trail(objects, model)) for model in models]

    def versions(self, model: str) -> list[Version]:
        """Read the versions of a model from the registry itself, the newest first.

        Raises:
            NotInRegistry: there is no such model.
            ObjectsError: it can't be read.
        """
        from lean_core.registry.read import newest_first, read_model

        return newest_first(read_model(self.objects(), model))

    def indexed_trails(self) -> list[KnownTrail]:
        """Return what `trails` would have told at the last look at the registry."""
        from lean_core.releases import know

        models = dict.fromkeys([*(model.name for model in self.registry_models()), *self.settings.probes])
        return [know(model, self.registry_trail(model)) for model in models]

    def matrix(self, trails: Sequence[KnownTrail], observations: Mapping[tuple[str, str], Observation]) -> Matrix:
        """Put models and environments side by side."""
        from lean_core.releases import build_matrix

        return build_matrix(trails, order=self.settings.environments.order, observations=observations)

    def observe(
        self, trails: Sequence[KnownTrail], environments: Sequence[str] | None = None
    ) -> dict[tuple[str, str], Observation]:
        """Ask the running systems what they run: where a probe is set, or something is declared live.

        Args:
            trails: of the models that are asked about.
            environments: which ones; None: all.

        Raises:
            ObjectsError: the registry can't be read.
        """
        from concurrent.futures import ThreadPoolExecutor

        from lean_core.releases import fold_environments

        order = self.settings.environments.order
        states = [
            state
            for trail in trails
            for state in fold_environments(trail, order)
            if (state.live or state.environment in self.settings.probes.get(trail.model, {}))
            and (environments is None or state.environment in environments)
        ]
        with ThreadPoolExecutor(max_workers=8) as threads:
            found = list(threads.map(self._observe, states))
        return {(each.model, each.environment): each for each in found}

    def _observe(self, state: EnvironmentState) -> Observation:
        from lean_core.releases import judge
        from lean_core.releases.probes import Surroundings, ask, place_of

        probe = self.settings.probes.get(state.model, {}).get(state.environment)
        about = (state.model, state.environment)
        declared = state.live.version if state.live else None
        if probe is None:
            return judge(None, about=about, declared=declared, artifacts={}, asked=(None, clock.now()))
        variables = {"LEAN_MODEL": state.model, "LEAN_ENVIRONMENT": state.environment}
        surroundings = Surroundings(
            folder=self.folder, environ={**os.environ, **variables}, open_object=self._open_object
        )
        reading = ask(probe, surroundings)
        at = clock.now()
        artifacts = self._artifacts(state.model, with_hashes=probe.compare == "digest")
        return judge(reading, about=about, declared=declared, artifacts=artifacts, asked=(place_of(probe), at))

    def _artifacts(self, model: str, *, with_hashes: bool) -> dict[str, str | None]:
        """Return the names of a model's versions, with the hashes of their artifacts where those are needed."""
        from lean_core.registry import is_name, read_model

        if not with_hashes:
            return {name: None for name in self.objects().list_folders(f"{model}/") if is_name(name)}
        try:
            versions = read_model(self.objects(), model)
        except NotInRegistry:
            return {}
        records = {each.version: each.record for each in versions}
        return {
            name: record.artifact.sha256 if record and record.artifact else None for name, record in records.items()
        }

    def _open_object(self, uri: str) -> IO[bytes]:
        from lean_core.objects import open_objects

        place, _, key = uri.rpartition("/")
        settings = self.settings.registry
        return open_objects(
            place,
            folder=self.folder,
            endpoint=settings.endpoint if settings else "",
            region=settings.region if settings else "",
        ).open(key)

    def plan_deployment(self, model: str, version: str, environment: str, *, forced: bool) -> DeploymentPlan:
        """Look whether a version may go to an environment.

        Raises:
            NotInRegistry, UsageError: there is no such version, or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases import Terms
        from lean_core.releases.plan import plan_deployment
        from lean_core.releases.policy import NO_POLICY

        policy = self.policy(model, self.check_environment(environment))
        terms = Terms(
            environment=environment,
            order=self.settings.environments.order,
            policy_sha256=policy.sha256 if policy else NO_POLICY,
            forced=forced,
            now=clock.now(),
        )
        return plan_deployment(self.objects(), model, version, terms)

    def carry_out(self, order: Order, record: Record | None, shell: Shell | None) -> Deployment:
        """Deploy, or go back: run the command, if there is one, and record what came of it.

        Raises:
            UnavailableError: it can't be started, or can't be recorded.
        """
        from lean_core.releases import carry_out

        objects = self.objects()
        promised = self.settings.registry is not None and self.settings.registry.single_writer
        if shell is not None and not (objects.creates_safely() or promised):
            raise CreateUnsafe(
                f"nothing was deployed, since it could not be recorded in {objects.uri}, where of two writers both may"
                " win: say `single_writer = true` under [registry] if only one machine or CI job ever writes there"
            )
        return carry_out(objects, order, record, shell=shell, now=clock.now)

    def drill_evidence(self, trail: KnownTrail, environment: str) -> DrillEvidence:
        """Return the newest drill of an environment, with its age."""
        from lean_core.releases import find_drill, fold_environment

        live = fold_environment(trail, environment).live
        return find_drill(trail, environment, live=live.version if live else None, now=clock.now())

    def plan_rollback(
        self, trail: KnownTrail, environment: str, *, to: str | None, tell: Tell
    ) -> RollbackPlan | NoWayBack:
        """Choose the version to go back to, and look whether it could be deployed.

        Raises:
            UsageError: there is no such environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.plan import plan_rollback

        return plan_rollback(self.objects(), trail, self.check_environment(environment), to=to, tell=tell)

    def changes_of(self, trail: KnownTrail, plan: RollbackPlan) -> Difference:
        """Say what a rollback would change."""
        from lean_core.releases.plan import tell_changes

        return tell_changes(self.objects(), trail, plan, repository=self.repository)

    def record_drill(self, plan: RollbackPlan, *, seconds: float, actor: str) -> Drill:
        """Record that a rollback was rehearsed, and how it went.

        Raises:
            ObjectsError: it can't be recorded.
        """
        from lean_core.releases import Rehearsal, make_drill

        rehearsal = Rehearsal(
            environment=plan.environment,
            live=plan.live.version,
            preflight=plan.preflight,
            at=clock.now(),
            seconds=seconds,
        )
        drill = make_drill(plan.version.model, rehearsal, actor=actor)
        self.record(drill)
        return drill

    def difference(self, trail: KnownTrail, pair: tuple[Chosen, Chosen], environment: str) -> Difference:
        """Say what changed from the first of two versions to the second.

        Raises:
            NotInRegistry, UsageError: there is no such version, or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.difference import read_difference

        return read_difference(
            self.objects(),
            trail,
            pair,
            environment=self.check_environment(environment),
            repository=self.repository,
        )

    # Registering

    def actor(self, said: str | None = None) -> str:
        """Return who is at work: as is said, else as git knows them, else the account."""
        import getpass

        from lean_core.git import read_user
        from lean_core.registry.actor import choose_actor

        try:
            account = getpass.getuser()
        except (KeyError, OSError):  # an account without a name, as in some containers
            account = None
        return choose_actor(said, None if said else read_user(self.repository), account)

    def find_run(self, name: str) -> Run:
        """Return the run that a reference, an id or the beginning of one names.

        Raises:
            UsageError: it names none, or several.
        """
        from lean_core.runs import runs_named

        with self.store.read() as cursor:
            found = runs_named(cursor, name, self._moment())
        if not found:
            raise UsageError(f"no run {name!r} among those imported: correct the id, or look at `lean-mlops runs`")
        if len(found) > 1:
            which = ", ".join(f"{run.ref} ({run.title})" for run in found[:5])
            raise UsageError(f"{name!r} names {len(found)} runs: say which, of {which}")
        return found[0]

    def find_registered(self, name: str, *, source: str | None) -> SourceVersion:
        """Return the version in a source's own registry that ``MODEL/VERSION`` or ``MODEL@ALIAS`` names.

        Raises:
            UsageError: it names none, or several.
        """
        from lean_core.runs import version_named

        if source is not None:
            self.source(source)
        with self.store.read() as cursor:
            return version_named(cursor, name, source=source, moment=self._moment())

    @contextlib.contextmanager
    def files_of(self, version: SourceVersion, *, tell: Callable[[int], None]) -> Iterator[Path]:
        """Hand over the folder with the files of a registered version; what is kept elsewhere is fetched for a while.

        Args:
            version: which one.
            tell: is told how many bytes more were fetched.

        Raises:
            SourceMissing: they can't be had.
        """
        from lean_core.runs import Unreachable, fetch_artifacts, locate_version
        from lean_core.runs.tracking import Limits

        source = self.source(version.source)
        location = locate_version(version, source)
        if not isinstance(location, Unreachable) and location.path:
            yield Path(location.path)
            return
        with tempfile.TemporaryDirectory(prefix="lean-") as folder:
            failure: Unreachable | None = location if isinstance(location, Unreachable) else None
            if not isinstance(location, Unreachable):
                limits = Limits(timeout=math.ceil(source.timeout))
                failure = fetch_artifacts(location, Path(folder), limits=limits, progress=tell)
            if failure is not None:
                raise SourceMissing(f"{version.model}/{version.version} of source {version.source}: {failure.reason}")
            yield Path(folder)

    def draft(
        self, request: Request, *, run: Run | None = None, registered: SourceVersion | None = None, tell: Tell
    ) -> Draft:
        """Gather and hash what is to be registered; nothing is written.

        Args:
            request: what a person says.
            run: that made it.
            registered: the version in a source's registry that it is made from.
            tell: is told how far it is.

        Raises:
            UsageError: something is not there, or the version is already.
            ObjectsError: the registry can't be read.
        """
        from lean_core.git import read_tree, read_user
        from lean_core.registry.gather import gather
        from lean_core.registry.register import refuse_existing
        from lean_core.registry.request import Surroundings

        if self._root_to_make() is None:
            refuse_existing(self.objects(), request.model, request.version)
        own = [*self._own_files(), request.artifact, *(path for path in (request.metrics, request.lock_file) if path)]
        settings = self.settings.registry
        around = Surroundings(
            folder=request.folder.absolute(),
            tree=read_tree(self.repository, own=own),
            python=platform.python_version(),
            owner=(settings.owner if settings else "") or read_user(self.repository),
            run=self._run_facts(run) if run else None,
            mlflow=_as_mlflow_version(registered) if registered else None,
        )
        return gather(request, around, tell=tell)

    def register(self, draft: Draft, *, actor: str, tell: Tell) -> Record:
        """Upload a draft's files and create its record.

        Raises:
            AlreadyThere: the version is there already; says who registered it, and when.
            UsageError: a file changed meanwhile.
            ObjectsError: the registry can't be written to.
        """
        from lean_core.registry.register import register

        root = self._root_to_make()
        if root is not None:
            try:
                root.mkdir(exist_ok=True)
            except OSError as error:
                raise ObjectsForbidden(f"{root} can't be made ({error.strerror}): change the permissions") from None
        return register(self.objects(), draft, at=clock.now(), actor=actor, tell=tell)

    def foreign_folders(self) -> ForeignFolders:
        """Return the folders of the registry that have no record and can be adopted, with what is known of each.

        Raises:
            ObjectsError: the registry can't be listed.
        """
        from lean_core.registry.foreign import find_foreign

        return find_foreign(self.objects(), repository=self.repository)

    def foreign_folder(self, model: str, version: str) -> Foreign:
        """Return what one folder without a record is.

        Raises:
            NotInRegistry: there is no such folder.
            AlreadyThere: it has a record, or is being uploaded.
            ObjectsError: the registry can't be read.
        """
        from lean_core.registry.foreign import recognise

        return recognise(self.objects(), model, version, repository=self.repository)

    def prepare_adoption(self, foreign: Foreign, request: AdoptionRequest, *, tell: Tell) -> Adoption:
        """Make the record of a foreign folder; nothing is written.

        Raises:
            UsageError: something that was named is not there.
            ObjectsError: the registry can't be read.
        """
        from lean_core.git import Commit, Tree, describe_commit, read_tree
        from lean_core.registry.adopt import prepare_adoption
        from lean_core.registry.adoption import AdoptionSurroundings

        tree = read_tree(self.repository)
        named = request.commit or (foreign.clues.commit.value if foreign.clues.commit else None)
        described = describe_commit(self.repository, named) if named else None
        settings = self.settings.registry
        around = AdoptionSurroundings(
            folder=request.folder.absolute(),
            root=tree.root if isinstance(tree, Tree) else None,
            commit=described.sha if isinstance(described, Commit) else None,
            owner=(settings.owner if settings else "") or None,
            run=self._run_of(foreign),
        )
        return prepare_adoption(self.objects(), foreign, request, around, tell=tell)

    def adopt(self, adoption: Adoption, *, actor: str, tell: Tell) -> Record:
        """Write the record of a foreign folder beside its files, which stay as they are.

        Raises:
            AlreadyThere: somebody was faster; says who, and when.
            ObjectsError: the registry can't be written to.
        """
        from lean_core.registry.adopt import adopt

        return adopt(self.objects(), adoption, at=clock.now(), actor=actor, tell=tell)

    def _run_of(self, foreign: Foreign) -> RunFacts | None:
        """Return what the run that a folder names tells, if it was imported."""
        if foreign.clues.run_id is None or not self.store.path.exists():  # reading would make it
            return None
        try:
            run = self.find_run(foreign.clues.run_id.value)
        except UsageError:  # none, or several
            return None
        return self._run_facts(run) if run.run_id == foreign.clues.run_id.value else None

    def _root_to_make(self) -> Path | None:
        """Return the registry's folder where it is right in the workspace and not there yet.

        One that lies elsewhere is never made: it may be a share that is not mounted.
        """
        uri = self.settings.registry.uri if self.settings.registry else ""
        is_right_here = scheme_of(uri) is None and len(Path(uri).parts) == 1 and not uri.startswith(("/", "~", ".."))
        folder = self.folder / uri
        return folder if is_right_here and not folder.exists() else None

    def _own_files(self) -> list[Path]:
        """Return what the workbench and MLflow write next to the code, and what is no code."""
        settings = self.settings.registry
        own = [self.store.path, self.store.path.with_name(f"{self.store.path.name}.wal")]
        if settings is not None and scheme_of(settings.uri) is None:
            own.append(self.folder / Path(settings.uri).expanduser())
        for source in self.settings.sources.values():
            if scheme_of(source.uri) in {None, "sqlite", "file"}:
                path = path_of(source.uri, self.folder)
                own += [path, *(path.parent / name for name in _OF_MLFLOW)]
        return own

    def _run_facts(self, run: Run) -> RunFacts:
        from lean_core.registry.request import Dataset, RunFacts
        from lean_core.runs import Environment, reference_of, repository_of

        environment = self.environment(run) if run.artifact_path else None
        return RunFacts(
            source=run.source,
            run_id=run.run_id,
            status=run.status,
            commit=run.commit,
            repo=repository_of(run),
            params={key: value if value is None else redact(value) for key, value in run.params.items()},
            metrics=run.metrics,
            datasets=tuple(
                Dataset(
                    name=each.name or each.context or "data",
                    ref=reference_of(each),
                    digest=f"mlflow:{each.digest}" if each.digest else None,
                    context=each.context,
                )
                for each in run.inputs
            ),
            python=environment.python if isinstance(environment, Environment) else None,
        )

    # Gates

    def policy(self, model: str, environment: str) -> Policy | None:
        """Return the policy of a model's gate for an environment, or None where lean.toml has none.

        Raises:
            UsageError: there is no such environment.
        """
        from lean_core.releases.policy import choose_policy

        return choose_policy(self.settings.gates, model, self.check_environment(environment))

    def policies(self) -> list[Policy]:
        """Return every policy of lean.toml."""
        from lean_core.releases.policy import choose_policy

        gates = self.settings.gates
        found = (
            choose_policy(gates, model, name) for model, by_environment in gates.items() for name in by_environment
        )
        return [policy for policy in found if policy is not None]

    def waivers(self, trails: Iterable[KnownTrail]) -> list[Waiver]:
        """Return the waivers that are in force now, the one that ends first in front."""
        from lean_core.registry import Waiver
        from lean_core.releases.policy import choose_policy
        from lean_core.releases.waivers import sort_waivers
        from lean_core.settings import WaiverSettings

        groups: dict[tuple[str, str, str], list[Waiver]] = {}
        for trail in trails:
            for event in (known.event for known in trail.events):
                if isinstance(event, Waiver):
                    groups.setdefault((trail.model, event.version, event.environment or ""), []).append(event)
        found: list[Waiver] = []
        now = clock.now()
        for (model, _, environment), waivers in groups.items():
            policy = choose_policy(self.settings.gates, model, environment)
            longest = (policy.settings.waivers if policy else WaiverSettings()).longest
            found += sort_waivers(waivers, longest=longest, now=now).active.values()
        return sorted(found, key=lambda each: (each.expires_at, each.id))

    def case(self, model: str, version: str, environment: str) -> Case:
        """Read what is known about a version that wants into an environment.

        Raises:
            UsageError: there is no such version or environment.
            ObjectsError: the registry can't be read.
        """
        from lean_core.releases.case import read_case

        policy = self.policy(model, environment)
        return read_case(self.objects(), policy, model=model, version=version, environment=environment)

    def evaluate(self, case: Case, *, actor: str) -> Gate:
        """Judge a version by its gate; `record` writes down the verdict."""
        from lean_core.releases.gate import evaluate

        return evaluate(case, self._reach(), self._asked("gate", case.environment, actor))

    def try_policy(self, policy: Policy) -> Iterator[Trial]:
        """Feed every check of a policy with what must not pass."""
        from lean_core.releases.self_test import try_policy

        return try_policy(policy, self._reach(), now=clock.now())

    def approve(self, case: Case, *, actor: str, saw: Sequence[str] = (), note: str | None = None) -> Approval:
        """Approve a version for an environment.

        Raises:
            UsageError: it makes no sense; says why.
            ObjectsError: the registry can't be written to.
        """
        from lean_core.releases.statements import approve

        approval = approve(case, self._asked("approval", case.environment, actor), saw=saw, note=note)
        self.record(approval)
        return approval

    def attest(self, case: Case, *, actor: str, item: str, note: str | None = None) -> Attestation:
        """Attest that an item of the checklist is done.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import attest

        attestation = attest(case, self._asked("attestation", case.environment, actor), item=item, note=note)
        self.record(attestation)
        return attestation

    def waive(self, case: Case, *, actor: str, check: str, reason: str, until: str) -> Waiver:
        """Waive one check of a version for an environment, until a date or for a duration.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import read_until, waive

        asked = self._asked("waiver", case.environment, actor)
        waiver = waive(case, asked, check=check, reason=reason, until=read_until(until, now=asked.at))
        self.record(waiver)
        return waiver

    def withdraw(self, case: Case, *, actor: str, environment: str | None, reason: str) -> Withdrawal:
        """Say that a version must not be deployed again, to an environment or (None) to any.

        Raises:
            UsageError, ObjectsError: as `approve`.
        """
        from lean_core.releases.statements import withdraw

        asked = self._asked("withdrawal", environment, actor)
        withdrawal = withdraw(case.version, case.trail, asked, environment=environment, reason=reason)
        self.record(withdrawal)
        return withdrawal

    def record(self, event: Event) -> None:
        """Add an event to the trail.

        Raises:
            ObjectsError: the registry can't be written to.
        """
        from lean_core.releases import record_event

        record_event(self.objects(), event)

    def _asked(self, kind: str, environment: str | None, actor: str) -> Asked:
        from lean_core.registry import new_event_id
        from lean_core.releases.case import Asked

        now = clock.now()
        return Asked(event_id=new_event_id(kind, environment=environment, at=now), actor=actor, at=now)

    def _reach(self) -> Reach:
        from lean_core.releases.case import Reach

        return Reach(folder=self.folder, fetch=self._fetch_table, environ=os.environ)

    def _fetch_table(self, address: str, into: Path) -> Sequence[Path]:
        from lean_core.objects import open_objects
        from lean_core.releases.checks.fetch import fetch_table

        settings = self.settings.registry
        endpoint, region = (settings.endpoint, settings.region) if settings else ("", "")
        return fetch_table(
            lambda uri: open_objects(uri, folder=self.folder, endpoint=endpoint, region=region), address, into
        )


def _as_mlflow_version(version: SourceVersion) -> MlflowVersion:
    from lean_core.registry.record import MlflowVersion

    return MlflowVersion(
        source=version.source,
        model=version.model,
        version=version.version,
        aliases=version.aliases,
        stage=version.stage,
    )
