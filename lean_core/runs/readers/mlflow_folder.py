"""Runs in an MLflow folder store (``mlruns/``), read by hand: opening it with MLflow would change it.

A run is deleted where its experiment lies in ``.trash``, or where its own meta.yaml says so: MLflow moves deleted
experiments, but only marks deleted runs. What an experiment's meta.yaml says of deletion does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.columns import Columns
from lean_core.runs.readers.folder_catalog import FolderCatalog
from lean_core.runs.readers.folder_kind import find_database
from lean_core.runs.readers.helpers import Helpers, usual_count
from lean_core.runs.readers.meta_yaml import Meta, millis_of, parse_meta, text_of
from lean_core.runs.readers.mlflow_layout import ExperimentFolder, list_experiments, place, read_meta
from lean_core.runs.readers.run_files import NO_META, UNREADABLE, RunFiles, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERSION = b"mlflow-folder-1:"
"""Of what is read: another number makes the next sync read everything again."""
_PIECE = 100
"""Runs that are read at once: some 20 ms of work."""
_WORTH_HELP = 300
"""Runs from which on helper processes pay for their start."""
_STATUSES = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunFolder:
    path: str
    experiment: ExperimentFolder


class MlflowFolderReader:
    """Reads an MLflow folder store."""

    def __init__(self, path: Path) -> None:
        """Prepare to read the store at ``path``; nothing is opened yet."""
        self.warnings = Warnings()
        self._root = path
        self._runs: dict[str, _RunFolder] | None = None
        self._catalog = FolderCatalog(root=path, experiments=(), warnings=self.warnings)
        self._datasets: dict[str, Meta | None] = {}
        self._helpers: Helpers | None = None

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        """List every run with a number made of the times and sizes of its files.

        The numbers are taken before anything is read: a file that changes while it is read has changed at the next
        scan.

        Raises:
            SourceError: there is no such folder, it may not be read, or it is not an MLflow store.
        """
        runs, fingerprints = self._list()
        digest = blake2b(self._catalog.signature(), digest_size=16)
        digest.update(repr(sorted(zip(runs, fingerprints, strict=True))).encode("utf-8", "backslashreplace"))
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
        pieces = [wanted[start : start + _PIECE] for start in range(0, len(wanted), _PIECE)]
        columns, done = Columns(), 0
        folders = [[runs[key].path for key in piece] for piece in pieces]
        for number, results in self._help(len(wanted)).run("read", folders):
            for key, result in zip(pieces[number], results, strict=True):
                self._add(columns, key, runs[key], RunFiles._make(result))
            done += len(results)
            yield from columns.take(done / len(wanted))
        yield from columns.take(1.0, at_least=1)
        if columns.impossible_times:
            message = f"{columns.impossible_times} logged values"
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

    def _list(self) -> tuple[dict[str, _RunFolder], list[int]]:
        """Find the runs, each with its fingerprint."""
        experiments = self._list_experiments()
        folders = [
            _RunFolder(path=f"{experiment.path}/{name}", experiment=experiment)
            for experiment in experiments
            for name in experiment.run_folders
        ]
        marks = self._fingerprint(folders)
        with_runs = {folder.experiment.key for folder, mark in zip(folders, marks, strict=True) if mark != NO_META}
        runs: dict[str, _RunFolder] = {}
        fingerprints: list[int] = []
        for folder, mark in zip(folders, marks, strict=True):
            if mark == NO_META:
                if folder.experiment.has_meta or folder.experiment.key in with_runs:
                    self._warn("run folder without meta.yaml", folder.path)
                continue
            name = printable(folder.path.rpartition("/")[2])
            key = place(folder.path, self._root) if name in runs else name
            if key != name:
                self._warn("run id that occurs twice", folder.path, skipped=False)
            runs[key] = folder
            fingerprints.append(_salted(mark, folder.experiment))
        self._keep(experiments, with_runs)
        self._runs = runs
        return runs, fingerprints

    def _list_experiments(self) -> list[ExperimentFolder]:
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

    def _fingerprint(self, folders: list[_RunFolder]) -> list[int]:
        paths = [folder.path for folder in folders]
        pieces = [paths[start : start + _PIECE] for start in range(0, len(paths), _PIECE)]
        found = dict(self._help(len(paths)).run("fingerprint", pieces))
        return [mark for number in range(len(pieces)) for mark in found[number]]

    def _keep(self, experiments: Iterable[ExperimentFolder], with_runs: set[str]) -> None:
        """Keep what is an experiment, and say what the rest is."""
        kept, rest = [], []
        for experiment in experiments:
            (kept if experiment.has_meta or experiment.key in with_runs else rest).append(experiment)
            if experiment.key in with_runs and not experiment.has_meta:
                self._warn("experiment without meta.yaml", experiment.path, skipped=False)
        database = find_database(self._root)
        if not kept:
            raise SourceUnreadable(
                f"{self._root} holds the artifacts of {database}; name that file as the source instead"
                if database
                else f"{self._root} has no meta.yaml in it, so it is not an MLflow store; "
                "name the folder or database that holds the runs"
            )
        for experiment in rest:
            self._warn("folder without meta.yaml", experiment.path)
        if rest and database:
            message = f"artifacts of {database}: add that file as a source of its own"
            self.warnings.add("part of the folder belongs to a database", str(self._root), message)
        self._catalog = FolderCatalog(root=self._root, experiments=kept, warnings=self.warnings)

    def _add(self, columns: Columns, key: str, folder: _RunFolder, said: RunFiles) -> None:
        for kind, path, message, skipped in said.problems:
            self._warn(kind, path, message, skipped=skipped)
        meta = self._meta_of(folder, said)
        if meta is None:
            return
        tags = dict(zip(said.tag_keys, said.tags, strict=True))
        columns.rows["run"].append(self._run_row(key, folder, meta, said, tags))
        columns.add_texts("param", key, said.param_keys, said.params)
        columns.add_texts("tag", key, said.tag_keys, said.tags)
        columns.add_points(key, said.metric_keys, said.counts, (said.steps, said.times, said.values))
        for data in said.inputs:
            columns.rows["input"] += self._input_rows(key, folder, data)

    def _meta_of(self, folder: _RunFolder, said: RunFiles) -> Meta | None:
        if said.meta is None:
            return None
        path = f"{folder.path}/meta.yaml"
        try:
            meta = parse_meta(said.meta)
        except ValueError as error:
            self._warn("broken meta.yaml", path, str(error))
            return None
        run_id = text_of(meta, "run_id", "run_uuid")
        if run_id is None:
            self._warn("broken meta.yaml", path, "no run_id")
            return None
        if run_id != printable(folder.path.rpartition("/")[2]):
            self._warn("run id differs from its folder", path, f"meta.yaml says {run_id}", skipped=False)
        said_experiment = text_of(meta, "experiment_id")
        if said_experiment not in {None, folder.experiment.experiment_id}:
            message = f"meta.yaml says {said_experiment}"
            self._warn("experiment id differs from its folder", path, message, skipped=False)
        return meta
