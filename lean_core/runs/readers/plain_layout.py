"""Which folders are runs, where nobody wrote them in a common format: by the names of the files in them.

docs/sources.md lists these names for people; a test compares the two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from lean_core.runs.readers.run_files import is_of_the_system, printable

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
_SURE_PARAMS = {*_names(("params", "hparams"), _PARAM_SUFFIXES), *_names(("run",), _FACT_SUFFIXES)}
"""Files that make a folder a run without any metrics; a lone config.yaml lies in many a folder that is none."""

_NEVER_RUNS = {"__pycache__", "artifacts", "node_modules", "plots", "site-packages", "venv", "mlruns", "mlartifacts"}
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
    root: Path, *, unreadable: Callable[[str, str], None] = lambda _place, _why: None
) -> list[PlainRun]:
    """Return the runs in a folder and below it.

    A folder with metrics is a run, whatever lies below it. One with params alone is a run unless runs lie below it:
    then it holds what they share. Links to folders are not followed, so that a ``latest`` doesn't count twice.

    Args:
        root: where to look.
        unreadable: called with the place of each folder that can't be listed, and why.

    Raises:
        OSError: the root itself can't be listed.
    """
    return _find(str(root), ".", _list(str(root)), unreadable)


def _find(path: str, place: str, listed: _Folder, unreadable: Callable[[str, str], None]) -> list[PlainRun]:
    below: list[PlainRun] = []
    for name in listed.folders:
        if name in _NEVER_RUNS or name.startswith(".") or name == "dvclive" or _CHECKPOINT.fullmatch(name):
            continue
        child_place = printable(name) if place == "." else f"{place}/{printable(name)}"
        if child_place.count("/") >= _DEEPEST:
            unreadable(child_place, f"more than {_DEEPEST} folders deep")
            continue
        try:
            child = _list(f"{path}/{name}")
        except OSError as error:
            unreadable(child_place, error.strerror or "")
            continue
        below += _find(f"{path}/{name}", child_place, child, unreadable)
    run = _run_of(path, place, listed)
    sure = run.has_metrics or (not below and (_SURE_PARAMS & listed.files or ".hydra/config.yaml" in run.params))
    # A config with a file of facts beside it is a run that was only begun.
    begun = not below and bool(run.params and run.facts)
    return [run, *below] if sure or begun else below


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
        curves=tuple(sorted(file for file in live if file.startswith("dvclive/plots/metrics/"))),
        facts=_among(files, FACT_FILES),
        commits=_among(files, COMMIT_FILES),
    )


def _among(files: set[str], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in files)


def _files_below(path: str, name: str) -> set[str]:
    found = set()
    for folder, folders, files in os.walk(f"{path}/{name}"):
        folders.sort()
        found |= {
            f"{folder.removeprefix(f'{path}/')}/{file}" for file in files if file.endswith((".tsv", ".yaml", ".json"))
        }
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
            elif not is_of_the_system(entry.name) and not entry.is_symlink():
                found.files.add(entry.name)
            elif entry.is_symlink() and Path(entry.path).is_file():
                found.files.add(entry.name)
    found.folders.sort()
    return found
