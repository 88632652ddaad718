"""Runs in an MLflow folder store (``mlruns/``), read by hand: opening it with MLflow would change it.

A run is deleted where its experiment lies in ``.trash``, or where its own meta.yaml says so: MLflow moves a deleted
experiment, but only marks a deleted run. What an experiment's meta.yaml says of its deletion does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.database_file import find_database
from lean_core.runs.readers.mlflow_folder.catalog import FolderCatalog
from lean_core.runs.readers.mlflow_folder.helpers import Helpers, usual_count
from lean_core.runs.readers.mlflow_folder.layout import (
    ExperimentFolder,
    holds_only_artifacts,
    list_experiments,
    place,
)
from lean_core.runs.readers.mlflow_folder.run_files import NO_META, UNREADABLE, RunFiles
from lean_core.runs.readers.mlflow_folder.run_rows import RunFolder, RunRows

_VERSION = b"mlflow-folder-1:"
"""Of what is read: another number makes the next sync read everything again."""
_PIECE = 100
"""Runs that are read at once: some 20 ms of work."""
_WORTH_HELP = 300
"""Runs from which on helper processes pay for their start."""


class MlflowFolderReader:
    """Reads an MLflow folder store."""

    def __init__(self, path: Path, *, also: frozenset[Path] = frozenset()) -> None:
        """Prepare to read the store at ``path``; nothing is opened yet.

        Args:
            path: the store's folder.
            also: what else is a source: a database among them may keep its artifacts in the folder.
        """
        self.warnings = Warnings()
        self._root = path
        self._also = also
        self._shared = False
        """Whether the folder holds artifacts of a database that is a source itself."""
        self._runs: dict[str, RunFolder] | None = None
        self._catalog = FolderCatalog(root=path, experiments=(), warnings=self.warnings)
        self._helpers: Helpers | None = None

    def state(self) -> str | None:
        """Return None: whether anything changed takes a scan."""
        return None

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        """List every run with a number made of the times and sizes of its files.

        The numbers are taken before anything is read: a file that changes while it is read has changed at the next
        scan.

        Raises:
            SourceError: there is no such folder, it may not be read, or it is not an MLflow store.
        """
        runs, fingerprints = self._list()
        digest = blake2b(self._catalog.signature(), digest_size=16)
        digest.update(repr(sorted(zip(runs, fingerprints, strict=True))).encode())
        if self._shared:
            # What was doubtful is not any more, once the database is a source: the last warnings must not stay.
            digest.update(b"shared")
        mark = _VERSION + digest.digest()
        if mark == bookmark:
            return None
        columns = [pa.array(list(runs), pa.string()), pa.array(fingerprints, pa.uint64())]
        return Listing(runs=pa.Table.from_arrays(columns, schema=rows.SCAN), bookmark=mark)

    def catalog(self) -> dict[str, pa.Table]:
        """Return experiments, registered models, their versions and logged models; deleted models are left out."""
        if self._runs is None:
            self._list()
        return self._catalog.read()

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs; one whose meta.yaml can't be read is left out, with a warning."""
        runs = self._list()[0] if self._runs is None else self._runs
        wanted = list(runs) if run_keys is None else [key for key in run_keys if key in runs]
        pieces = _pieces(wanted)
        reading, done = RunRows(root=self._root, warnings=self.warnings), 0
        folders = [[runs[key].path for key in piece] for piece in pieces]
        for number, results in self._help(len(wanted)).run("read", folders):
            for key, result in zip(pieces[number], results, strict=True):
                reading.add(key, runs[key], RunFiles._make(result))
            done += len(results)
            yield from reading.columns.take(done / len(wanted))
        yield from reading.columns.take(1.0, at_least=1)
        if reading.columns.impossible_times:
            message = f"{reading.columns.impossible_times} logged values"
            self.warnings.add("time that no calendar has", str(self._root), message, skipped=False)

    def close(self) -> None:
        """Send the helper processes away."""
        if self._helpers is not None:
            self._helpers.close()
            self._helpers = None

    def _help(self, runs: int) -> Helpers:
        if self._helpers is None:
            self._helpers = Helpers(usual_count() if runs >= _WORTH_HELP else 0)
        return self._helpers

    def _list(self) -> tuple[dict[str, RunFolder], list[int]]:
        """Find the runs, each with its fingerprint."""
        experiments = self._experiments()
        folders = [
            RunFolder(path=f"{experiment.path}/{name}", experiment=experiment)
            for experiment in experiments
            for name in experiment.run_folders
        ]
        marks = self._fingerprint(folders)
        with_runs = {folder.experiment.key for folder, mark in zip(folders, marks, strict=True) if mark != NO_META}
        self._keep(experiments, with_runs)
        runs: dict[str, RunFolder] = {}
        fingerprints: list[int] = []
        for folder, mark in zip(folders, marks, strict=True):
            if mark == NO_META:
                expected = folder.experiment.has_meta or folder.experiment.key in with_runs
                if expected and not (self._shared and holds_only_artifacts(folder.path)):
                    self.warnings.add("run folder without meta.yaml", place(folder.path, self._root))
                continue
            key = folder.name
            if key in runs:
                key = place(folder.path, self._root)
                self.warnings.add("run id that occurs twice", key, skipped=False)
            runs[key] = folder
            fingerprints.append(0 if mark == UNREADABLE else mark ^ _salt(folder.experiment))
        self._runs = runs
        return runs, fingerprints

    def _experiments(self) -> list[ExperimentFolder]:
        try:
            return list_experiments(self._root, self.warnings)
        except FileNotFoundError:
            raise SourceMissing(
                f"there is no folder {self._root}; correct the source's uri in lean.toml, or bring the store back"
            ) from None
        except PermissionError:
            raise SourceForbidden(f"{self._root} may not be read by this user; change its permissions") from None
        except OSError as error:
            raise SourceUnreadable(
                f"{self._root} can't be listed ({error.strerror}); name the folder that MLflow calls mlruns"
            ) from None

    def _fingerprint(self, folders: list[RunFolder]) -> list[int]:
        pieces = _pieces([folder.path for folder in folders])
        found = dict(self._help(len(folders)).run("fingerprint", pieces))
        return [mark for number in range(len(pieces)) for mark in found[number]]

    def _keep(self, experiments: list[ExperimentFolder], with_runs: set[str]) -> None:
        """Keep what is an experiment, and say what the rest is."""
        kept = [experiment for experiment in experiments if experiment.has_meta or experiment.key in with_runs]
        rest = [experiment for experiment in experiments if experiment not in kept]
        for experiment in kept:
            if not experiment.has_meta:
                place_of = place(experiment.path, self._root)
                self.warnings.add("experiment without meta.yaml", place_of, skipped=False)
        database = find_database(self._root) if rest or not kept or self._also else None
        self._shared = bool(kept) and database is not None and database.resolve() in self._also
        for experiment in rest:
            folders = [f"{experiment.path}/{name}" for name in experiment.run_folders]
            if not (self._shared and all(map(holds_only_artifacts, folders))):
                self.warnings.add("folder without meta.yaml", place(experiment.path, self._root))
        if not kept:
            raise SourceUnreadable(
                f"{self._root} holds only artifacts; their runs are in {database}: name that file as the source"
                if database
                else f"{self._root} has no meta.yaml in it, so it is not an MLflow store; "
                "name the folder or the database that holds the runs"
            )
        if database and rest and not self._shared:
            message = f"artifacts of {database}: name that file as a source of its own to see their runs"
            self.warnings.add("part of the folder belongs to a database", str(self._root), message)
        self._catalog = FolderCatalog(root=self._root, experiments=kept, warnings=self.warnings)


def _pieces(items: list[str]) -> list[list[str]]:
    return [items[start : start + _PIECE] for start in range(0, len(items), _PIECE)]


def _salt(experiment: ExperimentFolder) -> int:
    """Return a number that changes with where an experiment lies, so that moving it to the trash changes its runs."""
    place_of = f"{experiment.lifecycle}/{experiment.key}"
    return int.from_bytes(blake2b(place_of.encode(), digest_size=8).digest(), "little")
