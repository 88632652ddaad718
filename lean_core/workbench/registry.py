"""What a workbench does with the registry."""

from __future__ import annotations

import contextlib
import math
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import ObjectsForbidden, SettingsError, SourceMissing, UsageError
from lean_core.settings import FILE_NAME, path_of, redact, scheme_of

if TYPE_CHECKING:
    from lean_core.objects import Objects
    from lean_core.registry import (
        File,
        Trail,
        Version,
    )
    from lean_core.registry.adoption import Adoption, AdoptionRequest
    from lean_core.registry.data_state import DataPlaces
    from lean_core.registry.foreign import Foreign, ForeignFolders
    from lean_core.registry.index import IndexState, Model, RefreshReport
    from lean_core.registry.record import MlflowVersion, Record
    from lean_core.registry.request import Draft, Request, RunFacts
    from lean_core.registry.step import Tell
    from lean_core.registry.verify import Depth, Finding, Scope
    from lean_core.runs import (
        Preview,
        Run,
        SourceVersion,
    )

from lean_core.workbench.runs import RunsBench

_OF_MLFLOW = ("mlruns", "mlartifacts")
"""Folders that MLflow makes beside its database."""


@dataclass(frozen=True, kw_only=True)
class RegistryBench(RunsBench):
    """Versions of models: looked at, registered and adopted."""

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
        from lean_core.registry.verify import Outside, verify_registry

        outside = Outside(repository=self.repository, data=self.data_places())
        return verify_registry(self.objects(), scope, depth=depth, outside=outside, tell=tell)

    def data_places(self) -> DataPlaces:
        """Return where the data that records refer to may lie."""
        from lean_core.git import find_root
        from lean_core.registry.buckets import Buckets
        from lean_core.registry.data_state import DataPlaces

        settings = self.settings.registry
        buckets = Buckets(endpoint=settings.endpoint, region=settings.region) if settings else Buckets()
        root = find_root(self.repository)
        return DataPlaces(folders=(*([root] if root else []), self.repository, self.folder), exists=buckets.exists)

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
            raise UsageError(f"no run {name!r} among those imported: correct the id, or look at “lean-mlops runs”")
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


def _as_mlflow_version(version: SourceVersion) -> MlflowVersion:
    from lean_core.registry.record import MlflowVersion

    return MlflowVersion(
        source=version.source,
        model=version.model,
        version=version.version,
        aliases=version.aliases,
        stage=version.stage,
    )
