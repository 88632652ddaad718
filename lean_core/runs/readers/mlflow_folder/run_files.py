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


def fingerprint_run(folder: str) -> int:
    """Return a number (uint64) that changes when a file of the run does; or `NO_META`, or `UNREADABLE`.

    It is made of the name, time and size of every file: metrics and tags are written in place, which leaves no trace
    on their folder.
    """
    try:
        top = os.listdir(folder)
    except OSError:
        return UNREADABLE
    if "meta.yaml" not in top:
        return NO_META
    names, numbers = ["artifacts" if "artifacts" in top else ""], array("q")
    _note(f"{folder}/", ["meta.yaml"], names, numbers)
    for part in _PARTS:
        if part in top:
            _note_folder(f"{folder}/{part}", names, numbers)
    digest = blake2b(numbers.tobytes(), digest_size=8)
    digest.update("\0".join(names).encode("utf-8", "surrogateescape"))
    return int.from_bytes(digest.digest(), "little")


def read_run(folder: str) -> RunFiles:
    """Read everything that a run's files say; what can't be read is among the problems."""
    run = _Run()
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


def _note_folder(folder: str, names: list[str], numbers: array[int]) -> None:
    try:
        found = sorted(os.listdir(folder))
    except OSError:
        names.append("?")
        return
    names.append(f"{len(found)}/")
    _note(f"{folder}/", found, names, numbers)


def _note(base: str, found: list[str], names: list[str], numbers: array[int]) -> None:
    look = os.stat
    names += found
    for name in found:
        try:
            seen = look(base + name)
        except OSError:
            numbers.append(-1)
            continue
        numbers.append(seen.st_mtime_ns)
        numbers.append(seen.st_size)
        # The mode is part of it: a file that was made readable is a changed file.
        numbers.append(seen.st_mode)
        if stat.S_ISDIR(seen.st_mode) and not os.path.islink(base + name):
            _note_folder(base + name, names, numbers)


class _Run:
    """A run while its files are read."""

    def __init__(self) -> None:
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
        for name in self._list(base):
            try:
                data = read_file(base + name)
            except IsADirectoryError:
                if self._may_enter(base + name):
                    self._read_texts(f"{base}{name}/", f"{prefix}{name}/", keys, values)
                continue
            except OSError as error:
                self._unreadable(base + name, error)
                continue
            try:
                text = data.decode()
            except UnicodeDecodeError:
                text = data.decode("utf-8", "backslashreplace")
                self._note("text that is not UTF-8", base + name, skipped=False)
            keys.append(printable(prefix + name))
            values.append(text)

    def _read_metrics(self, base: str, prefix: str) -> None:
        points = self.points
        for name in self._list(base):
            try:
                data = read_file(base + name, LARGEST_HISTORY)
            except IsADirectoryError:
                if self._may_enter(base + name):
                    self._read_metrics(f"{base}{name}/", f"{prefix}{name}/")
                continue
            except OSError as error:
                self._unreadable(base + name, error)
                continue
            if data[-1:] != b"\n":
                data = self._without_half_line(data, base + name)
            before = len(points)
            malformed = read_lines(data, points)
            if malformed:
                self._note("malformed metric line", base + name, f"{malformed} of its lines")
            if len(points) > before:
                self.metric_keys.append(printable(prefix + name))
                self.counts.append(len(points) - before)

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
            names = os.listdir(base)
        except OSError as error:
            self._unreadable(base, error)
            return []
        joined = "\0".join(names)
        if joined.startswith(".") or "\0." in joined:
            for name in [name for name in names if is_of_the_system(name)]:
                names.remove(name)
                self._note("file that is not MLflow's", base + name)
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
