"""A sync that is killed at any moment leaves the last complete state, and the next one finishes the work."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.stores import change_runs, make_sqlite_store
from lean_core.runs import RunQuery
from lean_core.workbench import Workbench

RUNS = 300
KILLED = """
import os, signal, sys
from pathlib import Path
from lean_core.runs.sync import job
from lean_core.workbench import Workbench

job.BURST_BYTES = 20_000  # so that there are many moments between two bursts
moments = iter(range(int(sys.argv[2])))

def tell(progress):
    if progress.phase == sys.argv[3] and next(moments, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

Workbench.open(Path(sys.argv[1])).sync(progress=tell)
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    make_sqlite_store(path, runs=RUNS, params=4, metrics=3, points=5)
    return path


@pytest.fixture
def workbench(tmp_path, store):
    (tmp_path / "mlflow.db").write_bytes(store.read_bytes())
    (tmp_path / "lean.toml").write_text('[workspace]\nname = "w"\n[sources.local]\nuri = "mlflow.db"\n')
    return Workbench.open(tmp_path)


def killed_sync(folder: Path, *, moment: int, phase: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(moment), phase], check=False)
    assert done.returncode == -signal.SIGKILL


def snapshot(workbench):
    runs = workbench.runs(RunQuery(view="all", sort="run_id")).runs
    refs = [run.ref for run in runs]
    return runs, workbench.histories(refs)


def orphans(workbench):
    with workbench.store.read() as cursor:
        return sum(
            cursor.execute(f"select count(*) from {name} where run_no not in (select run_no from run)").fetchone()[0]
            for name in ("param", "tag", "point", "metric", "input")
        )


@pytest.mark.parametrize(("moment", "phase"), [(0, "looking"), (1, "importing"), (3, "importing"), (0, "finishing")])
def test_a_killed_first_sync_shows_nothing_and_the_next_one_everything(workbench, moment, phase):
    killed_sync(workbench.folder, moment=moment, phase=phase)
    assert workbench.runs(RunQuery(view="all")).total == 0
    (report,) = workbench.sync()
    assert (report.state, report.imported) == ("ok", RUNS)
    assert orphans(workbench) == 0
    runs, histories = snapshot(workbench)
    assert all(len(run.params) == 4 and len(run.metrics) == 3 for run in runs)
    assert [len(history.values) for history in histories] == [5] * (3 * RUNS)


@pytest.mark.parametrize(("moment", "phase"), [(1, "importing"), (0, "finishing")])
def test_a_killed_later_sync_leaves_what_was_there(workbench, moment, phase):
    workbench.sync()
    before = snapshot(workbench)
    change_runs(workbench.folder / "mlflow.db", runs=RUNS, every=3)
    killed_sync(workbench.folder, moment=moment, phase=phase)
    assert snapshot(workbench) == before
    (report,) = workbench.sync()
    assert (report.changed, report.unchanged) == (RUNS // 3, RUNS - RUNS // 3)
    assert orphans(workbench) == 0
    assert snapshot(workbench) != before


def test_the_app_and_a_command_sync_and_read_one_file_at_once(workbench):
    workbench.sync()
    reading = [
        sys.executable,
        "-m",
        "lean_core",
        "--workspace",
        str(workbench.folder),
        "runs",
        "--json",
        "--limit",
        "1",
    ]
    readers = [subprocess.Popen(reading, stdout=subprocess.PIPE) for _ in range(3)]
    for number in range(3):
        workbench.set_local_tag("local:x", "n", str(number), actor="ana")
    assert [reader.wait(timeout=60) for reader in readers] == [0, 0, 0]
    assert len(workbench.changes("local_tag", "local:x")) == 3
    for reader in readers:
        reader.stdout.close()
