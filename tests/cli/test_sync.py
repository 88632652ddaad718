from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_sync_prints_counts_on_stdout_and_phases_on_stderr(call, workspace: Path):
    done = call("sync", cwd=workspace)
    assert done.returncode == 0
    assert done.stdout.startswith("local: 3 imported, 0 changed, 0 unchanged, 0 deleted; ")
    assert "local: looking\nlocal: importing 3 runs\n" in done.stderr
    assert "\x1b" not in done.stderr


def test_syncing_again_says_that_nothing_changed(call, synced: Path):
    done = call("sync", "--json", cwd=synced)
    (report,) = json.loads(done.stdout)
    seconds = report.pop("seconds")
    assert report == {
        "source": "local", "state": "unchanged", "imported": 0, "changed": 0, "unchanged": 3, "deleted": 0, "gone": 0,
        "skipped": {}, "warnings": [], "error": None,
    }  # fmt: skip
    assert 0 <= seconds < 60


def test_a_source_that_fails_does_not_stop_the_others_and_is_code_3(call, make_workspace, store: Path):
    folder = make_workspace(f'[sources.gone]\nuri = "gone.db"\n[sources.local]\nuri = "{store}"\n')
    done = call("sync", "--json", cwd=folder)
    assert done.returncode == 3
    gone, local = json.loads(done.stdout)
    assert (gone["state"], local["state"], local["imported"]) == ("failed", "ok", 3)
    assert str(folder / "gone.db") in gone["error"]
    again = call("sync", "gone", cwd=folder)
    assert again.returncode == 3
    assert again.stdout.startswith("gone: failed, nothing was imported yet: ")


def test_a_source_that_fails_after_an_import_keeps_it(call, make_workspace, store: Path):
    folder = make_workspace('[sources.local]\nuri = "mlflow.db"\n')
    shutil.copy(store, folder / "mlflow.db")
    assert call("sync", cwd=folder).returncode == 0
    (folder / "mlflow.db").unlink()
    done = call("sync", cwd=folder)
    assert (done.returncode, done.stdout[:44]) == (3, "local: failed, its last import stays: source")


def test_only_named_sources_are_synced(call, make_workspace, store: Path):
    folder = make_workspace(f'[sources.gone]\nuri = "gone.db"\n[sources.local]\nuri = "{store}"\n')
    done = call("sync", "local", "local", cwd=folder)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


def test_an_unknown_source_is_code_2(call, workspace: Path):
    done = call("sync", "lokal", cwd=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert "lokal" in done.stderr
    assert "local" in done.stderr


def test_a_workspace_without_sources_is_told_so(call, make_workspace):
    done = call("sync", "--json", cwd=make_workspace())
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "lean.toml names no source of runs" in done.stderr


def test_warnings_are_told_and_counted(call, make_workspace):
    folder = make_workspace('[sources.local]\nuri = "mlruns"\n')
    experiment = folder / "mlruns" / "1"
    good = experiment / ("a" * 32)
    good.mkdir(parents=True)
    (experiment / "meta.yaml").write_text("experiment_id: '1'\nname: churn\nlifecycle_stage: active\n")
    (good / "meta.yaml").write_text(f"run_id: {'a' * 32}\nexperiment_id: '1'\nstatus: 3\nlifecycle_stage: active\n")
    for number in range(5):
        (experiment / f"{number:032}").mkdir()
    done = call("sync", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("local: 1 imported, ")
    assert "5 skipped (" in done.stdout
    warnings = [line for line in done.stderr.splitlines() if "warning" in line]
    assert len(warnings) == 4
    assert warnings[-1].endswith("2 more, see --json")
    (report,) = json.loads(call("sync", "--json", cwd=folder).stdout)
    assert len(report["warnings"]) == 5


def test_a_terminal_gets_one_line_that_is_written_over(workspace: Path):
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "lean_core", "sync"],
        cwd=workspace, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=theirs, check=False,
    )  # fmt: skip
    os.close(theirs)
    said = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert said.startswith("\r\x1b[Klocal: looking\r\x1b[K")
    assert said.endswith("\r\x1b[K")
    assert "\n" not in said
