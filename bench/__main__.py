"""Run the benchmarks: ``python -m bench [NAME ...]``, the names are those of `WORKS`.

Both sides run here, one after the other, on stores that are made for it in a temporary folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.folder_store import make_folder_store
from bench.gate import ROWS, gate_command, make_gate, python_command, seconds_side_by_side
from bench.measure import Measured, measure
from bench.page import hello, mlflow_ui, runs_page, seconds_to_ready
from bench.registries import make_project, make_registry, name_registry, upload_registry
from bench.signals import DRIFT_ROWS, END, make_log, measure_evidently, write_day
from bench.signals import ROWS as LOG_ROWS
from bench.stores import change_runs, make_sqlite_store
from tests.ceph import missing_programs, start_ceph

RUNS = 100_000
CHANGED = 1_000
FOLDER_RUNS = 5_000
PAGE_RUNS = 10_000
COMPARE_RUNS, COMPARE_POINTS = 1_000, 100
VERSIONS, BUCKET_VERSIONS = 10_000, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    work: str
    ours: float
    against: str
    theirs: float
    least: str
    peak_mb: float | None = None


def main(names: list[str]) -> None:
    """Run the named works, or all, and print the table."""
    chosen = names or list(WORKS)
    with tempfile.TemporaryDirectory(prefix="lean-bench-") as folder:
        stores = Stores(folder=Path(folder))
        print("| work | ours | against | theirs | ratio | at least |\n| --- | --- | --- | --- | --- | --- |")
        for name in chosen:
            for row in WORKS[name](stores):
                print(_line(row), flush=True)


@dataclass(kw_only=True)
class Stores:
    """Stores and workspaces, made when they are first asked for."""

    folder: Path

    def sqlite(self, name: str, runs: int, points: int = 1) -> Path:
        """Return an MLflow sqlite store."""
        path = self.folder / f"{name}.db"
        if not path.exists():
            make_sqlite_store(path, runs=runs, points=points)
        return path

    def workspace(self, name: str, uri: str) -> Path:
        """Return a fresh workspace over a source."""
        folder = self.folder / f"workspace-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        toml = f'[workspace]\nname = "{name}"\n[sources.bench]\nuri = "{uri}"\n'
        (folder / "lean.toml").write_text(toml, encoding="utf-8")
        return folder


def import_sqlite(stores: Stores) -> Iterator[Row]:
    """Import a large sqlite store."""
    store = stores.sqlite("large", RUNS)
    ours = measure("ours_sync", str(stores.workspace("import", str(store))))
    theirs = measure("mlflow_search_all", f"sqlite:///{store}")
    yield _row(f"import sqlite, {RUNS:,} runs", ours, "mlflow.search_runs", theirs, "60x, under 700 MB")


def import_folder(stores: Stores) -> Iterator[Row]:
    """Import a folder store."""
    store = stores.folder / "mlruns"
    make_folder_store(store, runs=FOLDER_RUNS)
    ours = measure("ours_sync", str(stores.workspace("folder", str(store))))
    theirs = measure("mlflow_search_all", str(store))
    yield _row(f"import folder, {FOLDER_RUNS:,} runs", ours, "mlflow.search_runs", theirs, "8x")


def sync_again(stores: Stores) -> Iterator[Row]:
    """Sync a large sqlite store again."""
    store = stores.folder / "changing.db"
    shutil.copy(stores.sqlite("large", RUNS), store)
    workspace = stores.workspace("again", str(store))
    first = measure("ours_sync", str(workspace))
    same = measure("ours_sync", str(workspace))
    yield _row(f"sync again, {RUNS:,} runs, nothing changed", same, "the first import", first, "40x")
    change_runs(store, every=RUNS // CHANGED, runs=RUNS)
    changed = measure("ours_sync", str(workspace))
    yield _row(f"sync again, {CHANGED:,} of {RUNS:,} runs changed", changed, "the first import", first, "8x")


def find(stores: Stores) -> Iterator[Row]:
    """Filter, sort, first hundred."""
    store = stores.sqlite("large", RUNS)
    workspace = stores.workspace("find", str(store))
    measure("ours_sync", str(workspace))
    ours = measure("ours_find", str(workspace))
    work = f"filter, sort, first 100 of {RUNS:,}"
    yield _row(work, ours, "mlflow.search_runs", measure("mlflow_find", f"sqlite:///{store}"), "300x")
    analyzed = stores.folder / "analyzed.db"
    shutil.copy(store, analyzed)
    with contextlib.closing(sqlite3.connect(analyzed)) as db:
        db.execute("analyze")
    theirs = measure("mlflow_find", f"sqlite:///{analyzed}")
    yield _row(work, ours, "mlflow.search_runs after ANALYZE", theirs, "15x")


def compare(stores: Stores) -> Iterator[Row]:
    """Compare twenty runs with their histories."""
    store = stores.sqlite("histories", COMPARE_RUNS, COMPARE_POINTS)
    workspace = stores.workspace("compare", str(store))
    measure("ours_sync", str(workspace))
    work = f"compare 20 runs with histories of {COMPARE_POINTS} values"
    yield _row(
        work,
        measure("ours_compare", str(workspace)),
        "MlflowClient",
        measure("client_compare", f"sqlite:///{store}"),
        "5x",
    )


def page(stores: Stores) -> Iterator[Row]:
    """Open the page Runs in Chromium, cold."""
    store = stores.sqlite("page", PAGE_RUNS)
    workspace = stores.workspace("page", str(store))
    measure("ours_sync", str(workspace))
    sides = runs_page(workspace), hello(stores.folder), mlflow_ui(f"sqlite:///{store}", "1")
    ours, least, ui = seconds_to_ready(*sides)
    work = f"page Runs on {PAGE_RUNS:,} runs ready, cold"
    yield Row(work=work, ours=ours, against="hello in Streamlit", theirs=least, least="no more than 1.6x its time")
    yield Row(work=work, ours=ours, against="mlflow server and its UI", theirs=ui, least="5x")


def registry(stores: Stores) -> Iterator[Row]:
    """List and check a registry, in a folder and in a bucket; index it, and index it again."""
    project = stores.folder / "project"
    commit = make_project(project)
    make_registry(stores.folder / "registry", versions=VERSIONS, commit=commit)
    workspace = stores.workspace("registry", "none.db")
    name_registry(workspace, str(stores.folder / "registry"), project=project)
    work, limit = f"list and check {VERSIONS:,} versions in a folder", "no more than 2x its time"
    ours = measure("ours_verify", str(workspace), str(VERSIONS))
    theirs = measure("plain_loop", str(stores.folder / "registry"), str(VERSIONS))
    yield _row(work, ours, "a loop of json.load over the same files", theirs, limit)
    first = measure("ours_refresh", str(workspace))
    same = measure("ours_refresh", str(workspace))
    yield _row(f"index {VERSIONS:,} versions again, nothing changed", same, "the first time", first, "")
    yield from _registry_in_a_bucket(stores, project, commit)


def _registry_in_a_bucket(stores: Stores, project: Path, commit: str) -> Iterator[Row]:
    work = f"list and check {BUCKET_VERSIONS:,} versions in a bucket"
    if missing_programs():
        print(f"{work}: needs {', '.join(missing_programs())}", file=sys.stderr)
        return
    with start_ceph() as server:
        os.environ |= {"AWS_ACCESS_KEY_ID": server.owner.access_key, "AWS_SECRET_ACCESS_KEY": server.owner.secret_key}
        upload_registry(server.client(), "bench", versions=BUCKET_VERSIONS, commit=commit)
        workspace = stores.workspace("bucket", "none.db")
        name_registry(workspace, "s3://bench", project=project, endpoint=server.http, region=server.region)
        ours = measure("ours_verify", str(workspace), str(BUCKET_VERSIONS))
        theirs = measure("boto3_loop", server.http, "bench", str(BUCKET_VERSIONS))
    yield _row(
        work, ours, "boto3's listing and threaded gets of the same objects", theirs, "no more than 1.3x its time"
    )


def gate(stores: Stores) -> Iterator[Row]:
    """Judge a version of a local registry, cold."""
    folder = stores.folder / "gate"
    make_gate(folder)
    theirs = "import duckdb, click"
    seconds = seconds_side_by_side(gate_command(folder, "prod"), python_command(theirs), times=15)
    work, least = "gate on a local registry, cold", "no more than 0.8 s"
    yield Row(work=work, ours=seconds[0], against=f"python -c '{theirs}'", theirs=seconds[1], least=least)
    theirs = f"import pandas; pandas.read_parquet({str(folder / 'customers.parquet')!r}).describe()"
    seconds = seconds_side_by_side(gate_command(folder, "test"), python_command(theirs), times=5)
    work = f"the same with the quality of a table of {ROWS:,} rows"
    yield Row(work=work, ours=seconds[0], against="pandas: read_parquet, describe", theirs=seconds[1], least="")


def signals(stores: Stores) -> Iterator[Row]:
    """Answer all signals of a prediction log, and again after one more day of files."""
    folder = stores.folder / "log"
    make_log(folder)
    ours, least = measure("ours_signals", str(folder)), measure("duckdb_count", str(folder))
    work = f"all signals of {LOG_ROWS:,} predictions, first look"
    yield _row(work, ours, "pandas, NumPy, SciPy", measure("pandas_signals", str(folder)), "8x, under 1 GB")
    yield _row(work, ours, "DuckDB counting each column once", least, "no more than 6x its time")
    write_day(folder / "log" / "999.parquet", END, LOG_ROWS // 30, seed=99)
    yield _row("the same after one more day", measure("ours_signals", str(folder)), "the first look", ours, "10x")
    yield _row("the same, nothing new", measure("ours_signals", str(folder)), "the first look", ours, "")


def drift(stores: Stores) -> Iterator[Row]:
    """Tell how far five features drifted."""
    folder = stores.folder / "drift"
    make_log(folder, rows=DRIFT_ROWS)
    theirs = measure_evidently(folder)
    work = f"drift of 5 features, {DRIFT_ROWS:,} rows"
    yield _row(work, measure("ours_drift", str(folder)), "Evidently, DataDriftPreset", theirs, "20x")


WORKS: dict[str, Callable[[Stores], Iterator[Row]]] = {
    "import": import_sqlite,
    "folder": import_folder,
    "again": sync_again,
    "find": find,
    "compare": compare,
    "page": page,
    "registry": registry,
    "gate": gate,
    "signals": signals,
    "drift": drift,
}


def _row(work: str, ours: Measured, against: str, theirs: Measured, least: str) -> Row:
    return Row(work=work, ours=ours.seconds, peak_mb=ours.peak_mb, against=against, theirs=theirs.seconds, least=least)


def _line(row: Row) -> str:
    peak = f", {row.peak_mb:.0f} MB" if row.peak_mb else ""
    return (
        f"| {row.work} | {row.ours:.3f} s{peak} | {row.against} | {row.theirs:.3f} s"
        f" | {row.theirs / row.ours:.1f}x | {row.least} |"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
