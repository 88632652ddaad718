from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.ceph import Ceph
from tests.contract.backends import name_owner

ROOT = Path(__file__).parents[2]
TOML = '[registry]\nuri = "registry"\n'
HEAVY = {"duckdb", "pandas", "mlflow", "streamlit", "boto3", "botocore", "pyarrow", "numpy", "sqlglot", "lark"}


@pytest.fixture
def folder(make_workspace) -> Path:
    made = make_workspace(f'{TOML}[heartbeats.weekly]\nevery = "1w"\nmodel = "churn"\nowner = "ana"\n')
    (made / "registry").mkdir()
    return made


def beats(folder: Path, job: str = "nightly") -> list[dict]:
    found = sorted((folder / "registry/.heartbeats" / job).glob("*/*.json"))
    return [json.loads(path.read_text()) for path in found]


def python(code: str) -> tuple[str, ...]:
    return "--", sys.executable, "-c", code


def test_a_beat_is_a_file_and_says_nothing_to_cron(call, folder: Path, clock):
    done = call("beat", "nightly", "--every", "1d", "--grace", "90m", "--note", " 42\nrows ", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (beat,) = beats(folder)
    assert (beat["said"], beat["at"], beat["every_seconds"], beat["grace_seconds"], beat["note"]) == (
        "success",
        "2026-11-23T12:00:00.000Z",
        86_400.0,
        5_400.0,
        "42 rows",
    )
    assert not (folder / "lean.duckdb").exists()


def test_start_and_fail_are_told(call, folder: Path, clock):
    call("beat", "nightly", "--start", cwd=folder)
    clock.advance(minutes=5)
    done = call("beat", "nightly", "--fail", "--json", cwd=folder)
    assert [beat["said"] for beat in beats(folder)] == ["start", "fail"]
    assert json.loads(done.stdout) == beats(folder)[1]


def test_the_list_has_declared_jobs_and_those_found(call, folder: Path, clock):
    call("beat", "nightly", "--every", "1h", cwd=folder)
    done = call("beat", cwd=folder)
    assert done.returncode == 0
    _, weekly, nightly = done.stdout.splitlines()
    assert weekly.split() == ["weekly", "new", "churn", "prod", "ana"]
    assert nightly.split()[:3] == ["nightly", "up", "2026-11-23"]
    assert "note: weekly is new: No beat has come yet" in done.stderr


@pytest.mark.parametrize(("hours", "told"), [(1, (0, "up")), (1.5, (1, "late")), (3, (1, "down"))])
def test_a_job_that_fell_silent_makes_the_exit_code_1(call, folder: Path, clock, hours: float, told):
    call("beat", "nightly", "--every", "1h", "--grace", "1h", cwd=folder)
    clock.advance(hours=hours)
    done = call("beat", "--json", cwd=folder)
    found = next(each for each in json.loads(done.stdout) if each["job"] == "nightly")
    assert (done.returncode, found["state"]) == told
    assert not found["declared"]
    assert found["due"] == "2026-11-23T13:00:00.000Z"


def test_a_failed_job_makes_the_exit_code_1(call, folder: Path):
    call("beat", "nightly", "--fail", cwd=folder)
    assert call("beat", cwd=folder).returncode == 1


def test_without_any_job_it_says_how_to_begin(call, make_workspace):
    folder = make_workspace(TOML)
    (folder / "registry").mkdir()
    done = call("beat", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no job has a heartbeat yet" in done.stderr


def test_a_registry_that_can_not_be_read_is_exit_code_3(call, make_workspace):
    folder = make_workspace(TOML)
    assert call("beat", cwd=folder).returncode == 3
    assert call("beat", "nightly", cwd=folder).returncode == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("nightly", "--start", "--fail"),
        ("nightly", "--every", "soon"),
        ("nightly", "--grace", "0s"),
        ("a/b",),
        ("a/b", "--", "true"),
        ("--fail",),
        ("nightly", "--start", "--", "true"),
    ],
)
def test_a_mistake_is_exit_code_2_and_records_nothing(call, folder: Path, arguments):
    assert call("beat", *arguments, cwd=folder).returncode == 2
    assert not (folder / "registry/.heartbeats").exists()


def test_a_long_note_is_cut_and_not_refused(call, folder: Path):
    call("beat", "nightly", "--note", "x" * 5_000, cwd=folder)
    assert beats(folder)[0]["note"] == f"{'x' * 299}…"


# Wrapping a command


def test_a_wrapped_command_keeps_its_streams_and_arguments(shell, folder: Path):
    code = "import sys; print(sys.argv[1:]); print('to stderr', file=sys.stderr)"
    done = shell("beat", "nightly", "--every", "1d", *python(code), "--json", "a b", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "['--json', 'a b']\n", "to stderr\n")
    start, end = beats(folder)
    assert (start["said"], end["said"], end["exit_code"], end["every_seconds"]) == ("start", "success", 0, 86_400.0)
    assert start["run"] == end["run"]
    assert 0 < end["seconds"] < 60
    assert "exit_code" not in start


def test_the_exit_code_is_passed_through(shell, folder: Path):
    assert shell("beat", "nightly", *python("raise SystemExit(7)"), cwd=folder).returncode == 7
    assert [(beat["said"], beat.get("exit_code")) for beat in beats(folder)] == [("start", None), ("fail", 7)]


def test_a_command_that_is_not_there_has_failed(shell, folder: Path):
    done = shell("beat", "nightly", "--", "no-such-command", cwd=folder)
    assert done.returncode == 127
    assert "no-such-command" in done.stderr
    assert beats(folder)[-1]["exit_code"] == 127
    assert shell("beat", "nightly", "--", str(folder / "lean.toml"), cwd=folder).returncode == 126


def test_the_command_itself_is_not_kept(shell, folder: Path):
    shell("beat", "nightly", *python("pass"), "--password=hunter2", cwd=folder)
    assert "hunter2" not in json.dumps(beats(folder))


@pytest.mark.parametrize("toml", [TOML, "", "[registry]\nuri = 5\n", "[["])
def test_a_command_runs_though_nothing_can_be_recorded(shell, make_workspace, toml: str):
    folder = make_workspace(toml)
    done = shell("beat", "nightly", *python("print('ran'); raise SystemExit(5)"), cwd=folder)
    assert (done.returncode, done.stdout) == (5, "ran\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("lean-mlops: this run of nightly is not recorded as it should be: ")


def test_a_command_runs_though_there_is_no_workspace(shell, tmp_path: Path):
    done = shell("beat", "nightly", *python("print('ran')"), cwd=tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (0, "ran\n", 1)


def test_a_command_runs_though_the_server_does_not_answer(shell, make_workspace):
    toml = '[registry]\nuri = "s3://bucket/registry"\nendpoint = "http://127.0.0.1:9"\n'
    done = shell(
        "beat",
        "nightly",
        *python("print('ran')"),
        cwd=make_workspace(toml),
        AWS_ACCESS_KEY_ID="a",
        AWS_SECRET_ACCESS_KEY="b",
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (0, "ran\n", 1)


def test_json_comes_after_the_output_of_the_command(shell, folder: Path):
    done = shell("beat", "nightly", "--json", *python("print('ran')"), cwd=folder)
    ran, document = done.stdout.splitlines()
    assert (ran, json.loads(document)) == ("ran", beats(folder)[-1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_reaches_the_command_and_its_end_is_recorded(folder: Path, number: signal.Signals):
    code = "import pathlib, time; pathlib.Path('began').touch(); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "lean_core", "beat", "nightly", *python(code)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 30
    while not (folder / "began").exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(number)
    code = process.wait(timeout=30)
    assert code == 128 + number
    assert (beats(folder)[-1]["said"], beats(folder)[-1]["exit_code"]) == ("fail", code)


def test_two_processes_that_beat_at_once_lose_nothing(folder: Path):
    command = [sys.executable, "-m", "lean_core", "beat", "nightly", *python("import time; time.sleep(0.2)")]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(command, cwd=folder, env=environ) for _ in range(4)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0, 0]
    found = beats(folder)
    assert sorted(beat["said"] for beat in found) == ["start"] * 4 + ["success"] * 4
    assert len({beat["run"] for beat in found}) == 4


MODULES_AFTER = """
import json, sys
from lean_core.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["nightly", "--json"], ["nightly", "--json", *python("pass")], ["--json"]])
def test_a_beat_imports_nothing_heavy(folder: Path, arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-c", MODULES_AFTER, "beat", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert not HEAVY & set(modules)


@pytest.mark.s3
def test_beats_go_to_a_bucket_and_are_read_from_it(
    shell, call, make_workspace, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
):
    name_owner(ceph, monkeypatch)
    bucket, client = f"b{uuid.uuid4().hex}", ceph.client()
    client.create_bucket(Bucket=bucket)
    folder = make_workspace(
        f'[registry]\nuri = "s3://{bucket}/registry"\nendpoint = "{ceph.http}"\nregion = "default"\n'
        '[heartbeats.nightly]\nmodel = "churn"\nevery = "1d"\n'
    )
    assert call("beat", "nightly", "--every", "1h", cwd=folder).returncode == 0
    assert shell("beat", "load", *python("raise SystemExit(2)"), cwd=folder).returncode == 2
    done = call("beat", "--json", cwd=folder)
    assert done.returncode == 1
    assert {each["job"]: each["state"] for each in json.loads(done.stdout)} == {"nightly": "up", "load": "failed"}
    keys = [found["Key"] for found in client.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len(keys) == 3
    assert all(key.startswith("registry/.heartbeats/") for key in keys)
    assert call("doctor", cwd=folder).returncode == 0
