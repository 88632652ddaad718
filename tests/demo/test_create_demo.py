from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from lean_core.demo import Demo, create_demo, folder
from lean_core.errors import UnavailableError, UsageError
from lean_core.workbench.base import STORE_NAME


class InterruptedByTest(BaseException):
    """As Streamlit stops a script: not an Exception."""


def interrupt_at(fraction: float):
    def progress(_sentence: str, reached: float) -> None:
        if reached >= fraction:
            raise InterruptedByTest

    return progress


def ignore(_sentence: str, _fraction: float) -> None:
    pass


def listing(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_the_folder_holds_what_a_person_expects_and_no_traces(made: Demo):
    assert {path.name for path in made.folder.iterdir()} == {
        ".git",
        ".gitignore",
        "README.md",
        "data",
        "deploy.sh",
        "deployed",
        "lean.duckdb",
        "lean.toml",
        "logs",
        "mlflow.db",
        "mlruns",
        "registry",
        "reports",
        "requirements.txt",
        "serve.py",
        "traffic.py",
        "train.py",
    }


def test_all_that_is_made_is_known_to_who_clears_up(made: Demo):
    assert {path.name for path in made.folder.iterdir()} <= folder.MADE


def test_the_demo_says_where_its_parts_lie(made: Demo):
    assert made.data.is_file()
    assert made.script.is_file()
    assert made.tracking_uri == f"sqlite:///{made.folder}/mlflow.db"


def test_the_table_and_the_script_are_those_that_ship(made: Demo):
    shipped = Path(folder.__file__).parent

    assert made.data.read_bytes() == (shipped / "churn.csv").read_bytes()
    assert made.script.read_bytes() == (shipped / "train.py").read_bytes()


def test_an_interrupted_demo_is_no_workspace_yet(tmp_path: Path):
    with pytest.raises(InterruptedByTest):
        create_demo(tmp_path / "demo", progress=interrupt_at(0.7))
    assert (tmp_path / "demo" / "registry").exists()
    assert not (tmp_path / "demo" / "lean.toml").exists()


def test_the_workspace_s_file_is_complete_before_the_folder_counts_as_a_workspace(made: Demo):
    written = [(made.folder / name).stat().st_mtime_ns for name in ("lean.duckdb", "lean.toml")]

    assert folder.STORE == STORE_NAME
    assert written == sorted(written)


def test_the_file_of_an_interrupted_attempt_goes_with_what_was_not_written_into_it_yet(tmp_path: Path):
    for name in (folder.MARKER, STORE_NAME, f"{STORE_NAME}.wal"):
        (tmp_path / name).touch()

    with folder.take(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [folder.MARKER]


def test_progress_rises_from_nothing_to_done_in_sentences(created):
    sentences, fractions = zip(*created.steps, strict=True)

    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert list(fractions) == sorted(fractions)
    assert len(set(sentences)) == len(sentences) > 10
    assert all(sentence[0].isupper() for sentence in sentences)


@pytest.mark.parametrize("name", ["notes.txt", "mlflow.db", "lean.toml"])
def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path: Path, name: str):
    (tmp_path / name).write_text("mine")

    with pytest.raises(UsageError, match=rf"is not empty \(it holds {name}\): name a new or an empty folder"):
        create_demo(tmp_path, progress=ignore)
    assert listing(tmp_path) == {name: b"mine"}


def test_a_file_in_the_way_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("mine")

    with pytest.raises(UsageError, match="a file is in the way"):
        create_demo(tmp_path / "file", progress=ignore)
    with pytest.raises(UsageError, match="a file is in the way"):
        create_demo(tmp_path / "file" / "demo", progress=ignore)


def test_a_path_that_mlflow_would_misread_is_refused_before_anything_is_made(tmp_path: Path):
    with pytest.raises(UsageError, match=r"because of the % and \? in its path"):
        create_demo(tmp_path / "100%?", progress=ignore)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_to_is_unavailable():
    with pytest.raises(UnavailableError, match=r"can't write to /proc/demo .*: name a folder that you may write to"):
        create_demo(Path("/proc/demo"), progress=ignore)


def test_an_interrupted_attempt_is_replaced_by_the_next_and_its_marker_goes(tmp_path: Path):
    place = tmp_path / "demo"
    with pytest.raises(InterruptedByTest):
        create_demo(place, progress=interrupt_at(0.6))
    assert (place / folder.MARKER).exists()
    assert (place / "mlflow.db").exists()

    with folder.take(place):
        assert [path.name for path in place.iterdir()] == [folder.MARKER]
    assert list(place.iterdir()) == []


def test_an_interrupted_attempt_that_a_person_put_something_into_is_left_alone(tmp_path: Path):
    (tmp_path / folder.MARKER).touch()
    (tmp_path / "mlflow.db").touch()
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(UsageError, match=r"it holds notes\.txt"), folder.take(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {folder.MARKER, "mlflow.db", "notes.txt"}


def test_clearing_up_does_not_follow_a_link_out_of_the_folder(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").touch()
    place = tmp_path / "demo"
    place.mkdir()
    (place / folder.MARKER).touch()
    (place / "mlruns").symlink_to(elsewhere)

    with folder.take(place):
        assert not (place / "mlruns").exists()
    assert (elsewhere / "kept.txt").exists()


def test_two_can_not_make_it_in_one_folder_at_the_same_time(tmp_path: Path):
    with (
        folder.take(tmp_path),
        pytest.raises(UnavailableError, match="right now: wait until it is ready"),
        folder.take(tmp_path),
    ):
        pass


def test_a_finished_demo_is_not_taken_by_who_saw_it_in_the_making(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Between looking into the folder and locking the marker, the other one finished."""
    (tmp_path / folder.MARKER).touch()
    lock = fcntl.flock

    def finish_then_lock(*arguments):
        (tmp_path / folder.MARKER).unlink()
        (tmp_path / "mlflow.db").write_text("finished")
        lock(*arguments)

    monkeypatch.setattr(fcntl, "flock", finish_then_lock)
    with pytest.raises(UnavailableError, match="right now"), folder.take(tmp_path):
        pass
    assert listing(tmp_path) == {"mlflow.db": b"finished"}


def test_litter_of_a_file_manager_does_not_count(tmp_path: Path):
    (tmp_path / ".DS_Store").touch()

    with folder.take(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [".DS_Store"]


def test_a_worker_that_dies_is_reported_in_one_line_and_whole_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Every write to a file of more than 100 kB fails in the worker, as on a full disk."""
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nulimit -f 200\nexec "{sys.executable}" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(wrapper))

    with (
        caplog.at_level(logging.ERROR, logger="lean_core.demo"),
        pytest.raises(
            UnavailableError, match=r"could not be made in .*: .+; try again when that is mended$"
        ) as failure,
    ):
        create_demo(tmp_path / "demo", progress=ignore)
    assert "\n" not in str(failure.value)
    assert "Traceback" not in str(failure.value)
    assert "Traceback" in caplog.text


def test_settings_of_the_persons_own_mlflow_and_git_do_not_reach_the_worker(monkeypatch: pytest.MonkeyPatch):
    from lean_core.demo import create

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://company.example")
    monkeypatch.setenv("GIT_DIR", "/somewhere/else")
    environment = create._environment()

    assert "MLFLOW_TRACKING_URI" not in environment
    assert "GIT_DIR" not in environment
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_importing_the_demo_imports_nothing_heavy():
    heavy = "{'mlflow', 'numpy', 'pandas', 'sqlalchemy', 'pyarrow', 'duckdb', 'lark', 'detect_secrets'}"
    code = f"import sys, lean_core.demo; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
