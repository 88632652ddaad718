"""Which folders are runs, where nobody wrote them in a common format: by the names of the files in them.

docs/sources.md lists these names for people; a test compares the two.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from lean_core.runs.readers.small_files import is_of_the_system, printable

_PARAM_STEMS = ("params", "hparams", "config", "args", "hyperparameters", "hyp", "opt")
_PARAM_SUFFIXES = ("json", "yaml", "yml", "toml")
_METRIC_STEMS = (
    *("metrics", "results", "result", "scores", "summary", "history", "progress", "log", "training_log", "train_log"),
    *("eval_results", "test_results", "train_results", "all_results"),
)
_METRIC_SUFFIXES = ("json", "yaml", "yml", "csv", "tsv", "jsonl", "ndjson")
_FACT_STEMS = ("run", "meta", "metadata", "run_info")
_FACT_SUFFIXES = ("json", "yaml", "yml")
_COMMIT_STEMS = ("git_commit", "commit", "git_sha", "git_hash", "commit_hash")


def _names(stems: tuple[str, ...], suffixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{stem}.{suffix}" for stem, suffix in product(stems, suffixes))


PARAM_FILES = _names(_PARAM_STEMS, _PARAM_SUFFIXES)
"""Where two of them give the same param, the earlier counts."""
METRIC_FILES = (*_names(_METRIC_STEMS, _METRIC_SUFFIXES), "training.log", "trainer_state.json")
FACT_FILES = _names(_FACT_STEMS, _FACT_SUFFIXES)
COMMIT_FILES = (*_COMMIT_STEMS, *(f"{stem}.txt" for stem in _COMMIT_STEMS))
_SURE = {
    *_names(("params", "hparams"), _PARAM_SUFFIXES),
    *_names(("run",), _FACT_SUFFIXES),
    ".hydra/config.yaml",
    "dvclive/params.yaml",
}
"""Files of which one is enough to make a folder a run without metrics."""

_NEVER_RUNS = {"__pycache__", "artifacts", "node_modules", "plots", "site-packages", "venv", "mlruns", "mlartifacts"}
CURVES = "dvclive/plots/metrics/"
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")
_DEEPEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRun:
    """A folder that is a run; files are named from it on."""

    path: str
    place: str
    """From the source's folder on; ``.`` is that folder itself."""
    params: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    """DVCLive's tables, one a metric."""
    facts: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()

    @property
    def has_metrics(self) -> bool:
        """Say whether anything was measured."""
        return bool(self.metrics or self.curves)

    @property
    def files(self) -> tuple[str, ...]:
        """All files that are read."""
        return self.params + self.metrics + self.curves + self.facts + self.commits


@dataclass(slots=True, kw_only=True)
class _Folder:
    files: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)


def find_run_folders(
    root: Path,
    *,
    passed_over: Callable[[str, str], None] = lambda _place, _why: None,
    most_folders: int | None = None,
) -> Iterator[PlainRun]:
    """Yield the runs in a folder and below it.

    A folder with metrics is a run, whatever lies below it. One with params alone is a run unless runs lie below it:
    then it holds what they share. Links to folders are not followed, so that a ``latest`` doesn't count twice.

    Args:
        root: where to look.
        passed_over: called with the place of each folder that is not looked into, and why.
        most_folders: after how many folders to give up.

    Raises:
        OSError: the root itself can't be listed.
    """
    yield from _Search(passed_over=passed_over, left=most_folders or sys.maxsize).find(str(root), ".", _list(str(root)))


@dataclass(slots=True, kw_only=True)
class _Search:
    passed_over: Callable[[str, str], None]
    left: int

    def find(self, path: str, place: str, listed: _Folder) -> Iterator[PlainRun]:
        """Yield the runs below a folder, then the folder itself if it is one."""
        any_below = False
        for name in listed.folders:
            if name in _NEVER_RUNS or name.startswith(".") or name == "dvclive" or _CHECKPOINT.fullmatch(name):
                continue
            below_place = printable(name) if place == "." else f"{place}/{printable(name)}"
            below = self._list(f"{path}/{name}", below_place)
            if below is not None:
                for run in self.find(f"{path}/{name}", below_place, below):
                    any_below = True
                    yield run
        run = _run_of(path, place, listed)
        if run.has_metrics or (not any_below and _is_begun(run)):
            yield run

    def _list(self, path: str, place: str) -> _Folder | None:
        self.left -= 1
        if self.left < 0:
            return None
        if place.count("/") >= _DEEPEST:
            self.passed_over(place, f"more than {_DEEPEST} folders deep")
            return None
        try:
            return _list(path)
        except OSError as error:
            self.passed_over(place, error.strerror or "")
            return None


def _is_begun(run: PlainRun) -> bool:
    """Say whether a folder without metrics is a run: a config alone lies in many a folder that is none."""
    return bool(_SURE & {*run.params, *run.facts}) or bool(run.params and run.facts)


def _run_of(path: str, place: str, listed: _Folder) -> PlainRun:
    files = set(listed.files)
    if ".hydra" in listed.folders:
        files |= {".hydra/config.yaml"} & _files_below(path, ".hydra")
    live = _files_below(path, "dvclive") if "dvclive" in listed.folders else set[str]()
    return PlainRun(
        path=path,
        place=place,
        params=_among(files | live, (*PARAM_FILES, ".hydra/config.yaml", "dvclive/params.yaml")),
        metrics=(*_among(files | live, (*METRIC_FILES, "dvclive/metrics.json")), *_last_checkpoint(path, listed)),
        curves=tuple(sorted(file for file in live if file.startswith(CURVES) and file.endswith(".tsv"))),
        facts=_among(files, FACT_FILES),
        commits=_among(files, COMMIT_FILES),
    )


def _among(files: set[str], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in files)


def _files_below(path: str, name: str) -> set[str]:
    found = set()
    for folder, _, files in os.walk(f"{path}/{name}"):
        inside = folder.removeprefix(f"{path}/")
        found |= {f"{inside}/{file}" for file in files if file.endswith((".tsv", ".yaml", ".json"))}
    return found


def _last_checkpoint(path: str, listed: _Folder) -> Iterator[str]:
    """Yield the newest trainer_state.json, which repeats all earlier ones, where the run hasn't written its own yet."""
    if "trainer_state.json" in listed.files:
        return
    numbered = [(int(found[1]), name) for name in listed.folders if (found := _CHECKPOINT.fullmatch(name))]
    for _, name in sorted(numbered, reverse=True):
        if Path(path, name, "trainer_state.json").is_file():
            yield f"{name}/trainer_state.json"
            return


def _list(path: str) -> _Folder:
    found = _Folder()
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found.folders.append(entry.name)
            elif _is_file(entry) and not is_of_the_system(entry.name):
                found.files.add(entry.name)
    found.folders.sort()
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False
