from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lean_core import errors
from lean_core.cli.exits import ExitCode, guard

ROOT = Path(__file__).parents[2]


def raising(error: BaseException):
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NoWorkspace("no lean.toml"), 2),
        (errors.SettingsError("lean.toml"), 2),
        (errors.UsageError("no such source"), 2),
        (errors.FilterError("what", text="a b", start=2, end=3), 2),
        (errors.TriggerError("what", text="a b", start=2, end=3), 2),
        (errors.StoreBusy("held"), 3),
        (errors.StoreDamaged("cut off"), 3),
        (errors.SyncBusy("held"), 3),
        (errors.SourceUnreachable("silent"), 3),
        (click.UsageError("no such option"), 2),
        (click.BadParameter("not a number"), 2),
        (click.FileError("x"), 2),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("secret"), 3),
    ],
)
def test_each_error_has_its_exit_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]):
    assert guard(raising(error)) == code
    assert capsys.readouterr().out == ""


def test_every_error_of_ours_is_told_in_its_own_words(capsys: pytest.CaptureFixture[str]):
    guard(raising(errors.StoreBusy("lean.duckdb is held by python (process 7)")))
    assert capsys.readouterr().err == "lean-mlops: lean.duckdb is held by python (process 7)\n"


def test_a_filter_error_shows_the_place(capsys: pytest.CaptureFixture[str]):
    guard(
        raising(errors.FilterError("unknown word", text="metrics.auc >> 1", start=12, end=14, expected="a comparison"))
    )
    assert capsys.readouterr().err.splitlines() == [
        "lean-mlops: filter, column 13: unknown word; expected a comparison",
        "metrics.auc >> 1",
        "            ^^",
    ]


def test_a_trigger_error_shows_the_place_too(capsys: pytest.CaptureFixture[str]):
    guard(raising(errors.TriggerError("there is no fact 'live'", text="live >= 2", start=0, end=4)))
    assert capsys.readouterr().err.splitlines() == [
        "lean-mlops: trigger, column 1: there is no fact 'live'",
        "live >= 2",
        "^^^^",
    ]


def test_an_unexpected_error_is_one_line_without_its_text(capsys: pytest.CaptureFixture[str]):
    guard(raising(ValueError("password is hunter2")))
    said = capsys.readouterr().err
    assert said.startswith("lean-mlops: unexpected ValueError at lean_core.cli.exits:")
    assert "LEAN_DEBUG=1" in said
    assert "hunter2" not in said
    assert len(said.splitlines()) == 1


def test_lean_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("LEAN_DEBUG", "1")
    guard(raising(ValueError("the details")))
    said = capsys.readouterr().err
    assert "Traceback (most recent call last)" in said
    assert "ValueError: the details" in said


def test_an_exit_code_that_a_command_returns_is_kept():
    assert guard(lambda: ExitCode.NO) == 1
    assert guard(lambda: None) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Usage: lean-mlops"),
        (("fly",), 2, "No such command 'fly'"),
        (("runs", "--limit", "many"), 2, "'many' is not a valid integer range"),
        (("runs", "--limit", "-1"), 2, "-1 is not in the range"),
        (("runs", "--view", "some"), 2, "'some' is not one of 'active', 'deleted', 'all'"),
        (("runs",), 2, "there is no lean.toml in"),
        (("sync",), 2, "lean-mlops init"),
        (("doctor",), 2, "lean-mlops demo"),
        (("--workspace", "nowhere", "runs"), 2, "there is no folder"),
        (("runs", "--workspace", "nowhere"), 2, "there is no folder"),
    ],
)
def test_wrong_usage_is_told_on_stderr_with_code_2(shell, arguments, code, said):
    done = shell(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_in_lean_toml_is_code_2(shell, make_workspace):
    done = shell("runs", cwd=make_workspace("[server]\ntimeout = 1\n"))
    assert done.returncode == 2
    assert "server.timeout = 1: expected a duration" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_store_that_another_process_holds_is_code_3_and_names_it(shell, synced: Path):
    (synced / "lean.toml").write_text('[store]\nbusy_timeout = "1s"\n')
    holding = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(synced / "lean.duckdb")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        done = shell("runs", cwd=synced)
        holder.stdin.close()
    assert (done.returncode, done.stdout) == (3, "")
    assert f"process {holder.pid}" in done.stderr


def test_a_store_that_is_no_duckdb_file_is_code_3(shell, make_workspace):
    folder = make_workspace()
    (folder / "lean.duckdb").write_text("hello, this is text and no database")
    done = shell("runs", cwd=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert "not a DuckDB file" in done.stderr


def test_ctrl_c_is_code_130_and_one_line(make_workspace):
    code = (
        "import sys, time\n"
        "from lean_core.cli.exits import guard\n"
        "def work():\n"
        "    print('working', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.exit(guard(work))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "lean-mlops: interrupted\n")


def test_a_reader_who_leaves_is_no_error(synced: Path):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "lean_core", "runs", "--json"],
            cwd=synced, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=pipe, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_full_disk_behind_stdout_is_code_3(synced: Path):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lean_core", "runs", "--json"],
            cwd=synced, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert os.strerror(errno.ENOSPC).encode() in done.stderr
