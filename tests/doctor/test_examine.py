from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lean_core.doctor import Finding, examine, worst
from lean_core.doctor.disk import COMFORTABLE, TOO_LITTLE, check_disk
from lean_core.workbench import Workbench

NOW = dt.datetime(2026, 11, 23, 12)
LOCAL = '[sources.local]\nuri = "mlruns"\n'


@pytest.fixture(autouse=True)
def _away_from_any_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def workspace(make_workspace) -> Path:
    """Return a workspace with one small MLflow folder, not yet synced."""
    folder = make_workspace(LOCAL)
    run = folder / "mlruns" / "1" / ("a" * 32)
    run.mkdir(parents=True)
    (run.parent / "meta.yaml").write_text("experiment_id: '1'\nname: churn\nlifecycle_stage: active\n")
    (run / "meta.yaml").write_text(f"run_id: {'a' * 32}\nexperiment_id: '1'\nstatus: 3\nlifecycle_stage: active\n")
    return folder


def git(folder: Path, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{role}_{what}": "ana@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", "-C", str(folder), *arguments], env=os.environ | own | names, check=True, capture_output=True
    )


def of(findings: list[Finding], about: str, severity: str | None = None) -> list[Finding]:
    return [each for each in findings if each.about == about and severity in {None, each.severity}]


def look(folder: Path, *, now: dt.datetime = NOW) -> list[Finding]:
    return list(examine(folder, now=now))


def test_a_synced_workspace_in_a_repository_is_all_well(workspace: Path, clock):
    git(workspace, "init")
    (workspace / ".gitignore").write_text("lean.duckdb*\nmlruns/\n")
    Workbench.open(workspace).sync()
    findings = look(workspace, now=clock.advance(minutes=5))
    assert worst(findings) == "ok", findings
    assert {each.about for each in findings} == {"settings", "disk", "store", "source local", "git"}
    (store,) = of(findings, "store")
    assert "1 runs, schema 8, " in store.message
    assert "last synced 2026-11-23 12:00 UTC, 1 runs" in of(findings, "source local")[1].message


def test_a_mistake_in_lean_toml_is_an_error_and_ends_the_examination(make_workspace):
    (finding,) = look(make_workspace("[server]\ntimeout = 1\n"))
    assert (finding.severity, finding.about) == ("error", "settings")
    assert "server.timeout = 1" in finding.message


def test_no_source_is_a_warning(make_workspace):
    (finding,) = of(look(make_workspace()), "settings")
    assert finding.severity == "warning"
    assert "[sources.local]" in finding.action


def test_looking_makes_no_file(workspace: Path):
    before = sorted(workspace.rglob("*"))
    findings = look(workspace)
    assert of(findings, "store", "ok")
    assert [each.action for each in of(findings, "source local", "warning")] == ["lean-mlops sync local"]
    assert sorted(workspace.rglob("*")) == before


def test_a_source_that_is_gone_is_an_error(workspace: Path):
    shutil.rmtree(workspace / "mlruns")
    (finding,) = of(look(workspace), "source local", "error")
    assert str(workspace / "mlruns") in finding.message


def test_a_database_that_is_not_mlflows_is_an_error(make_workspace):
    folder = make_workspace('[sources.local]\nuri = "other.db"\n')
    with closing(sqlite3.connect(folder / "other.db")) as database:
        database.execute("create table t (x integer)")
        database.commit()
    assert of(look(folder), "source local", "error")


def test_a_server_that_does_not_listen_is_an_error(make_workspace):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        folder = make_workspace(f'[sources.team]\nuri = "http://127.0.0.1:{taken.getsockname()[1]}"\n')
        (finding,) = of(look(folder), "source team", "error")
    assert "can't be reached" in finding.message


def test_a_sync_of_long_ago_is_a_warning(workspace: Path, clock):
    Workbench.open(workspace).sync()
    (finding,) = of(look(workspace, now=clock.advance(days=8)), "source local", "warning")
    assert "8 days ago" in finding.message


def test_a_failed_sync_is_a_warning_with_its_reason(workspace: Path, clock):
    Workbench.open(workspace).sync()
    (workspace / "mlruns").rename(workspace / "elsewhere")
    Workbench.open(workspace).sync()
    (workspace / "elsewhere").rename(workspace / "mlruns")
    (finding,) = of(look(workspace, now=clock.time), "source local", "warning")
    assert "the last attempt failed: " in finding.message


@contextmanager
def held(path: Path) -> Iterator[int]:
    holding = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid
        holder.communicate()


def test_a_store_that_another_process_holds_is_not_known_and_says_who(workspace: Path):
    Workbench.open(workspace).sync()
    (workspace / "lean.toml").write_text(LOCAL + '[store]\nbusy_timeout = "1s"\n')
    with held(workspace / "lean.duckdb") as pid:
        findings = look(workspace)
    assert f"process {pid}" in of(findings, "store", "unknown")[0].message
    assert "its last sync is not known" in of(findings, "source local", "unknown")[0].message
    assert worst(findings) == "unknown"


def test_a_store_that_is_something_else_is_an_error(workspace: Path):
    (workspace / "lean.duckdb").write_text("a text file, longer than a header")
    (finding,) = of(look(workspace), "store")
    assert finding.severity == "error"


@pytest.mark.parametrize(
    ("free", "severity"), [(TOO_LITTLE - 1, "error"), (COMFORTABLE - 1, "warning"), (COMFORTABLE, "ok")]
)
def test_little_room_on_the_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, severity: str):
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, free))
    assert check_disk(tmp_path, file_bytes=0).severity == severity


def test_a_large_file_needs_room_for_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 3 * COMFORTABLE))
    assert check_disk(tmp_path, file_bytes=2 * COMFORTABLE).severity == "warning"


def test_a_folder_outside_git_is_a_warning(workspace: Path):
    (finding,) = of(look(workspace), "git")
    assert finding.severity == "warning"
    assert "is not in a git repository" in finding.message


def test_a_repository_that_is_not_there_is_a_warning(make_workspace):
    (finding,) = of(look(make_workspace('[workspace]\nrepository = "../gone"\n')), "git")
    assert finding.severity == "warning"


def test_git_that_is_not_installed_is_a_warning(workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [each.message for each in of(look(workspace), "git")] == [
        "git is not installed: the code of two runs can't be compared"
    ]


def test_a_store_that_git_would_keep_is_a_warning(workspace: Path):
    git(workspace, "init")
    (finding,) = of(look(workspace), "git", "warning")
    assert finding.action == "add lean.duckdb* to .gitignore"


def test_a_password_that_git_keeps_is_a_warning_without_the_password(make_workspace):
    folder = make_workspace('[sources.team]\nuri = "postgresql://ana:hunter2@127.0.0.1:1/mlflow"\n')
    git(folder, "init")
    git(folder, "add", "lean.toml")
    findings = look(folder)
    assert [each.message for each in findings if "holds a password" in each.message]
    assert not [each for each in findings if "hunter2" in f"{each.message}{each.action}"]


def test_a_shallow_clone_is_a_warning(make_workspace, tmp_path: Path):
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init")
    for message in ("one", "two"):
        git(origin, "commit", "--allow-empty", "-m", message)
    git(tmp_path, "clone", "--depth", "1", origin.as_uri(), "clone")
    findings = look(make_workspace('[workspace]\nrepository = "../clone"\n'))
    assert [each.action for each in of(findings, "git", "warning")] == ["git fetch --unshallow"]


def test_worst_of_nothing_is_ok():
    assert worst([]) == "ok"
