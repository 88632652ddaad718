from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lean_core.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path, store: Path) -> Path:
    """Return a folder as a data scientist may have it."""
    (folder := tmp_path / "churn").mkdir()
    (folder / ".git").mkdir()
    (folder / "uv.lock").write_text("")
    shutil.copy(store, folder)
    return folder


def test_init_writes_what_it_found_and_says_so(call, folder: Path):
    done = call("init", cwd=folder)
    assert (done.returncode, done.stdout) == (0, f"{folder / 'lean.toml'}\n")
    assert done.stderr.splitlines() == [
        "found runs: mlflow.db (an MLflow database, 3 runs)",
        f"found git: {folder}",
        "found lock files: uv.lock",
        "next: lean-mlops sync",
    ]
    assert load_settings(folder).sources["mlflow"].uri == "mlflow.db"
    assert sorted(path.name for path in folder.iterdir()) == [".git", "lean.toml", "mlflow.db", "uv.lock"]


def test_init_then_sync_then_runs(call, folder: Path):
    for command in ("init", "sync"):
        assert call(command, cwd=folder).returncode == 0
    assert len(json.loads(call("runs", "--json", cwd=folder).stdout)) == 3


def test_an_existing_lean_toml_is_not_touched(call, make_workspace):
    folder = make_workspace("# mine\n")
    done = call("init", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is there already and was not touched" in done.stderr
    assert (folder / "lean.toml").read_text() == "# mine\n"
    assert [path.name for path in folder.iterdir()] == ["lean.toml"]


def test_a_lean_toml_that_is_a_dangling_link_is_not_touched_either(call, tmp_path: Path):
    (tmp_path / "lean.toml").symlink_to("elsewhere.toml")
    assert call("init", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "elsewhere.toml").exists()


def test_a_folder_without_runs_still_becomes_a_workspace(call, tmp_path: Path):
    done = call("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "found no runs here" in done.stderr
    assert "next: name a source of runs in lean.toml" in done.stderr
    assert load_settings(tmp_path).sources == {}


def test_the_name_can_be_given_and_is_checked(call, tmp_path: Path):
    assert call("init", "--name", "a\nb", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "lean.toml").exists()
    done = call("init", "--json", "--name", 'Who "cancels"?', cwd=tmp_path)
    assert json.loads(done.stdout) == {
        "lean_toml": str(tmp_path / "lean.toml"),
        "name": 'Who "cancels"?',
        "sources": [],
    }


def test_the_tracking_uri_of_the_environment_is_taken(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    call("init", cwd=tmp_path)
    assert load_settings(tmp_path).sources["server"].uri == "http://127.0.0.1:5000"


def test_the_workspace_option_names_the_folder(call, tmp_path: Path, folder: Path):
    assert call("--workspace", str(folder), "init", cwd=tmp_path).returncode == 0
    assert (folder / "lean.toml").exists()


def test_a_folder_that_is_not_there_is_code_2(call, tmp_path: Path):
    done = call("init", "--workspace", "gone", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
