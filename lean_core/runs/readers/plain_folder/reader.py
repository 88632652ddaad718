"""Runs in plain folders: one folder a run, with params and metrics in files that anything may have written.

docs/sources.md says which shapes are understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from lean_core.errors import SourceForbidden, SourceMissing, SourceUnreadable
from lean_core.runs import rows
from lean_core.runs.reader import Chunk, Delta, Listing, Warnings
from lean_core.runs.readers.columns import CHUNK_ROWS, Columns, to_table
from lean_core.runs.readers.plain_folder.layout import PlainRun, find_run_folders
from lean_core.runs.readers.plain_folder.notes import PlainNotes
from lean_core.runs.readers.plain_folder.run import PlainRunFiles
from lean_core.runs.readers.small_files import printable

_VERSION = b"plain-folder-1:"
"""Of what is read: another number makes the next sync read everything again."""


class PlainFolderReader:
    """Reads a folder of run folders. A run's id is its path from there, its experiment the folder it lies in."""

    def __init__(self, path: Path) -> None:
        """Prepare to read the runs below ``path``; nothing is opened yet."""
        self.warnings = Warnings()
        self._root = path
        self._runs: dict[str, PlainRun] | None = None

    def state(self) -> str | None:
        """Return None: whether anything changed takes a scan."""
        return None

    def scan(self, bookmark: bytes | None) -> Listing | Delta | None:
        """List every run with a number made of the names, times and sizes of the files that are read of it.

        Raises:
            SourceError: there is no such folder, it may not be read, or no run is in it.
        """
        runs = self._list()
        fingerprints = [_fingerprint(run) for run in runs.values()]
        listed = repr(list(zip(runs, fingerprints, strict=True))).encode()
        mark = _VERSION + blake2b(listed, digest_size=16).digest()
        if mark == bookmark:
            return None
        columns = [pa.array(list(runs), pa.string()), pa.array(fingerprints, pa.uint64())]
        return Listing(runs=pa.Table.from_arrays(columns, schema=rows.SCAN), bookmark=mark)

    def catalog(self) -> dict[str, pa.Table]:
        """Return the experiments: the folders that runs lie in."""
        runs = self._list() if self._runs is None else self._runs
        experiments = {_experiment_of(run): None for run in runs.values()}
        found = [(key, key, self._root.name if key == "." else key, "active", None) for key in experiments]
        return {"experiment": to_table(rows.EXPERIMENT, found)}

    def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
        """Yield everything about these runs; files that can't be understood are left out, with a warning."""
        runs = self._list() if self._runs is None else self._runs
        wanted = list(runs) if run_keys is None else [key for key in run_keys if key in runs]
        columns = Columns()
        for done, key in enumerate(wanted):
            files = PlainRunFiles(notes=PlainNotes(run=runs[key], warnings=self.warnings))
            for number, (metric, point) in enumerate(files.read(), start=1):
                columns.add_point(key, metric, point)
                if number % CHUNK_ROWS == 0:  # one table may be larger than memory
                    yield from columns.take(done / len(wanted))
            columns.rows["run"].append(self._run_row(key, runs[key], files))
            columns.add_texts("param", key, list(files.params), list(files.params.values()))
            columns.add_texts("tag", key, list(files.tags), list(files.tags.values()))
            yield from columns.take((done + 1) / len(wanted))
        yield from columns.take(1.0, at_least=1)

    def close(self) -> None:
        """Nothing is held open."""

    def _list(self) -> dict[str, PlainRun]:
        def passed_over(place: str, why: str) -> None:
            self.warnings.add("folder that can't be read", place, why)

        try:
            found = sorted(find_run_folders(self._root, passed_over=passed_over), key=lambda run: run.place)
        except FileNotFoundError:
            raise SourceMissing(
                f"there is no folder {self._root}; correct the source's uri in lean.toml, or bring the runs back"
            ) from None
        except PermissionError:
            raise SourceForbidden(f"{self._root} may not be read by this user; change its permissions") from None
        except OSError as error:
            raise SourceUnreadable(
                f"{self._root} can't be listed ({error.strerror}); name the folder that the run folders lie in"
            ) from None
        if not found:
            raise SourceUnreadable(
                f"no run was found in {self._root}; docs/sources.md says by which files a run folder is recognised"
            )
        self._runs = {run.place: run for run in found}
        return self._runs

    def _run_row(self, key: str, run: PlainRun, files: PlainRunFiles) -> tuple[Any, ...]:
        facts = files.facts
        return (
            key,
            key,
            _experiment_of(run),
            facts.name or (self._root.name if run.place == "." else run.place.rpartition("/")[2]),
            facts.status,
            facts.start_time,
            facts.end_time,
            facts.user,
            "active",
            None,
            printable(run.path),
        )


def _experiment_of(run: PlainRun) -> str:
    return run.place.rpartition("/")[0] or "."


def _fingerprint(run: PlainRun) -> int:
    found = []
    for file in run.files:
        try:
            seen = Path(run.path, file).stat()
        except OSError:
            found.append((printable(file), 0, 0, 0))
        else:
            found.append((printable(file), seen.st_mtime_ns, seen.st_size, seen.st_mode))
    return int.from_bytes(blake2b(repr(found).encode(), digest_size=8).digest(), "little")
