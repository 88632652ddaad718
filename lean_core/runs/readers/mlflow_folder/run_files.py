"""Read the small files that make up one MLflow run.

A run is some 36 files of a few bytes: opening them is the whole cost of an import. So this module does as little as
possible per file (no pathlib, no text layer), and it is also the program of the helper processes, which start in 15 ms
because they load nothing but this file, `metric_lines`, `small_files` and the standard library.

What it returns is built of plain lists, tuples, strings and bytes, so that `marshal` can carry it.
"""

# ruff: noqa: PTH114, PTH208 - see above

from __future__ import annotations

import os
import re
import stat
from array import array
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from lean_core.runs.readers.metric_lines import PointColumns, read_lines, whole_lines
from lean_core.runs.readers.small_files import is_of_the_system, printable, read_file

NO_META = -1
"""Instead of a fingerprint: the folder has no meta.yaml, so it is not a run."""
UNREADABLE = -2
"""Instead of a fingerprint: the folder can't be opened."""

LARGEST_HISTORY = 1 << 30
_PARTS = ("inputs", "metrics", "params", "tags")
_IN_PROGRESS = re.compile(rb"""^status: *['"]?(?:1|2|RUNNING|SCHEDULED)['"]?\s*$""", re.MULTILINE)

Problem: TypeAlias = tuple[str, str, str, bool]
"""Kind, path, message, and whether something was left out."""


class RunFiles(NamedTuple):
    """What the files of a run say."""

    meta: bytes | None
    has_artifacts: bool
    param_keys: list[str]
    params: list[str]
    tag_keys: list[str]
    tags: list[str]
    metric_keys: list[str]
    counts: list[int]
    """How many points belong to each metric key, in this order."""
    steps: bytes
    """Of all points: packed as int64."""
    times: bytes
    """Packed as int64."""
    values: bytes
    """Packed as double."""
    inputs: list[bytes]
    """The meta.yaml of each input."""
    problems: list[Problem]


class RunFolders:
    """Reads runs by the path of their folder.

    What `fingerprint` has listed, `read` need not list again: that is a tenth of the time of both. A file that came
    between the two is found by the next fingerprint.
    """

    def __init__(self) -> None:
        """Begin without having seen any."""
        self._listed: dict[str, list[str]] = {}
        self._alike: dict[str, list[str]] = {}
        """Most runs have the same params: their names are kept once."""

    def fingerprint(self, folder: str) -> int:
        """Return a number (uint64) that changes when a file of the run does; or `NO_META`, or `UNREADABLE`.

        It is made of the name, time, size and mode of every file: metrics and tags are written in place, which leaves
        no trace on their folder, and a file that was made readable is a changed file.
        """
        try:
            top = os.listdir(folder)
        except OSError:
            return UNREADABLE
        if "meta.yaml" not in top:
            return NO_META
        names, numbers = ["artifacts" if "artifacts" in top else ""], array("q")
        self._note(f"{folder}/", ["meta.yaml"], names, numbers)
        for part in _PARTS:
            if part in top:
                self._note_folder(f"{folder}/{part}/", names, numbers)
        digest = blake2b(numbers.tobytes(), digest_size=8)
        digest.update("\0".join(names).encode("utf-8", "surrogateescape"))
        return int.from_bytes(digest.digest(), "little")

    def read(self, folder: str) -> RunFiles:
        """Read everything that a run's files say; what can't be read is among the problems."""
        run = _Run(self._listed)
        run.read(folder)
        points = run.points
        return RunFiles(
            run.meta,
            run.has_artifacts,
            run.param_keys,
            run.params,
            run.tag_keys,
            run.tags,
            run.metric_keys,
            run.counts,
            points.steps.tobytes(),
            points.times.tobytes(),
            points.values.tobytes(),
            run.inputs,
            run.problems,
        )

    def _note_folder(self, base: str, names: list[str], numbers: array[int]) -> None:
        try:
            found = sorted(os.listdir(base))
        except OSError:
            names.append("?")
            return
        joined = "\0".join(found)
        names += (f"{len(found)}/", joined)
        self._listed[base] = self._alike.setdefault(joined, found)
        self._note(base, found, names, numbers)

    def _note(self, base: str, found: list[str], names: list[str], numbers: array[int]) -> None:
        look, note = os.stat, numbers.append
        for name in found:
            try:
                seen = look(base + name)
            except OSError:
                note(-1)
                continue
            mode = seen.st_mode
            note(seen.st_mtime_ns)
            note(seen.st_size)
            note(mode)
            if mode & stat.S_IFDIR and stat.S_ISDIR(mode) and not os.path.islink(base + name):
                self._note_folder(f"{base}{name}/", names, numbers)


class _Run:
    """A run while its files are read."""

    def __init__(self, listed: dict[str, list[str]]) -> None:
        self._listed = listed
        self.meta: bytes | None = None
        self.has_artifacts = False
        self.param_keys: list[str] = []
        self.params: list[str] = []
        self.tag_keys: list[str] = []
        self.tags: list[str] = []
        self.metric_keys: list[str] = []
        self.counts: list[int] = []
        self.points = PointColumns()
        self.inputs: list[bytes] = []
        self.problems: list[Problem] = []

    def read(self, folder: str) -> None:
        try:
            top, meta = os.listdir(folder), read_file(f"{folder}/meta.yaml")
        except OSError as error:
            self._unreadable(f"{folder}/meta.yaml", error)
            return
        self.meta, self.has_artifacts = meta, "artifacts" in top
        if "params" in top:
            self._read_texts(f"{folder}/params/", "", self.param_keys, self.params)
        if "tags" in top:
            self._read_texts(f"{folder}/tags/", "", self.tag_keys, self.tags)
        if "metrics" in top:
            self._read_metrics(f"{folder}/metrics/", "")
        if "inputs" in top:
            self._read_inputs(f"{folder}/inputs/")

    def _read_texts(self, base: str, prefix: str, keys: list[str], values: list[str]) -> None:
        read = read_file
        for name in self._list(base):
            try:
                text = read(base + name).decode()
            except IsADirectoryError:
                if self._may_enter(base + name):
                    self._read_texts(f"{base}{name}/", f"{prefix}{name}/", keys, values)
                continue
            except OSError as error:
                self._unreadable(base + name, error)
                continue
            except UnicodeDecodeError as error:
                text = error.object.decode("utf-8", "backslashreplace")
                self._note("text that is not UTF-8", base + name, skipped=False)
            key = prefix + name
            keys.append(key if key.isascii() else printable(key))
            values.append(text)

    def _read_metrics(self, base: str, prefix: str) -> None:
        read, points, values = read_file, self.points, self.points.values
        for name in self._list(base):
            try:
                data = read(base + name, LARGEST_HISTORY)
            except IsADirectoryError:
                if self._may_enter(base + name):
                    self._read_metrics(f"{base}{name}/", f"{prefix}{name}/")
                continue
            except OSError as error:
                self._unreadable(base + name, error)
                continue
            if not data.endswith(b"\n"):
                data = self._without_half_line(data, base + name)
            before = len(values)
            malformed = read_lines(data, points)
            if malformed:
                self._note("malformed metric line", base + name, f"{malformed} of its lines")
            if len(values) > before:
                key = prefix + name
                self.metric_keys.append(key if key.isascii() else printable(key))
                self.counts.append(len(values) - before)

    def _without_half_line(self, data: bytes, path: str) -> bytes:
        """Leave out a last line without its end, while somebody may still be writing it."""
        if not data.strip():
            self._note("empty metric file", path)
        elif _IN_PROGRESS.search(self.meta or b""):
            self._note("half-written metric line", path)
            return whole_lines(data)
        return data

    def _read_inputs(self, base: str) -> None:
        for name in self._list(base):
            try:
                self.inputs.append(read_file(f"{base}{name}/meta.yaml"))
            except OSError as error:
                self._unreadable(f"{base}{name}/meta.yaml", error)

    def _list(self, base: str) -> list[str]:
        """Return the names in a folder, without those that the system puts there."""
        try:
            names = self._listed.pop(base, None) or os.listdir(base)
        except OSError as error:
            self._unreadable(base, error)
            return []
        joined = "\0".join(names)
        if joined.startswith(".") or "\0." in joined:
            for name in filter(is_of_the_system, names):
                self._note("file that is not MLflow's", base + name)
            names = [name for name in names if not is_of_the_system(name)]
        if not joined.isascii():
            for name in names:
                if printable(name) != name:
                    self._note("name that is not UTF-8", base + name, skipped=False)
        return names

    def _may_enter(self, path: str) -> bool:
        """Say whether to look into a folder: links to folders could lead round in circles."""
        if os.path.islink(path):
            self._note("link to a folder", path)
            return False
        return True

    def _unreadable(self, path: str, error: OSError) -> None:
        self._note("file that can't be read", path, error.strerror or "")

    def _note(self, kind: str, path: str, message: str = "", *, skipped: bool = True) -> None:
        self.problems.append((kind, printable(path), message, skipped))
