"""Workspaces for the tests of what is shown of runs: the demo, and runs that a test describes."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from lean_core.demo import Demo, create_demo
from lean_core.runs import Run, RunQuery, Source, sync_source
from lean_core.workbench import Workbench
from tests.runs.builders import ARun, MemoryReader

SOURCE = "hand"
HOSTILE = "![x](http://evil.example/a.png) <b>bold</b> $x$ `code` :red[r] {y}"
"""What a page must show as it is, and never draw."""


@dataclass(frozen=True, kw_only=True)
class Created:
    """The demo, and what was told while it was made."""

    demo: Demo
    steps: list[tuple[str, float]]


def share_demo(factory: pytest.TempPathFactory) -> Created:
    """Return the demo, which is made once for the tests of all workers: it takes seconds. Nobody may write to it."""
    # pytest-xdist gives each worker a folder of its own in one that they share.
    root = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, told = root / "the demo", root / "the demo.json"
    with (root / "the demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            steps: list[tuple[str, float]] = []
            create_demo(folder, progress=lambda *step: steps.append(step))
            told.write_text(json.dumps(steps), encoding="utf-8")
    steps = [(sentence, fraction) for sentence, fraction in json.loads(told.read_text(encoding="utf-8"))]
    return Created(demo=Demo(folder=folder), steps=steps)


def copy_demo(factory: pytest.TempPathFactory, folder: Path) -> Path:
    """Copy the demo to a folder that is not there yet."""
    return shutil.copytree(share_demo(factory).demo.folder, folder)


def make_demo_workspace(factory: pytest.TempPathFactory) -> Path:
    """Make a workspace of the demo's runs, of which the caller is the only user."""
    folder = copy_demo(factory, factory.mktemp("demo") / "workspace")
    (folder / "lean.toml").write_text("[workspace]\nname = 'demo'\n[sources.mlflow]\nuri = 'mlflow.db'\n")
    Workbench.open(folder).sync()
    return folder


def runs_by_name(folder: Path) -> dict[str, Run]:
    """Return the runs of a workspace; of those with the same name, the oldest."""
    found = Workbench.open(folder).runs(RunQuery(view="all", limit=1_000)).runs
    return {run.title: run for run in found}


def make_workspace_of(folder: Path, runs: Sequence[ARun], *, later: Sequence[ARun] | None = None) -> Path:
    """Make a workspace of described runs; ``later`` is what the source still has the next time."""
    folder.mkdir(parents=True)
    (folder / "lean.toml").write_text(f"[workspace]\nname = 'described'\n[sources.{SOURCE}]\nuri = 'mlflow.db'\n")
    import_runs(folder, MemoryReader(runs=list(runs)))
    if later is not None:
        import_runs(folder, MemoryReader(runs=list(later), bookmark=b"2"))
    return folder


def import_runs(folder: Path, reader: MemoryReader) -> None:
    """Import what a reader holds."""
    source = Source(name=SOURCE, uri="mlflow.db", kind="auto", folder=folder, timeout=10)
    sync_source(Workbench.open(folder).store, source, open_reader=lambda _: reader, tell=lambda _: None)


def ref(key: str) -> str:
    """Return the reference of a described run."""
    return f"{SOURCE}:{key}"


def address(path: str, asked: Mapping[str, str | Sequence[str]]) -> str:
    """Return the address of a page with its parameters."""
    return f"{path}?{urlencode(asked, doseq=True)}"
