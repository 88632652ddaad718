from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.cli.releases_workspace import make, served, trail_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace in whose prod 13 took the place of 12."""
    return make(tmp_path / "workspace", *served("12", "13"))


def newest(folder: Path) -> dict:
    return trail_of(folder)[-1]


def test_a_rollback_goes_back_to_the_last_that_served_and_says_what_changes(call, folder: Path):
    done = call("rollback", "churn", "--env", "prod", "--yes", "--by", "ana", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ana rolled churn in prod back from 13 to 12.\n"
    assert "pass     The hash of the artifact holds." in done.stderr
    assert "changed  params: The param changed: depth 6 → 4." in done.stderr
    assert "1 commit of 13 is not in it" in done.stderr
    event = newest(folder)
    assert (event["version"], event["rollback_of"], event["outcome"]) == ("12", "13", "succeeded")
    assert "-gate-prod-" in event["gate"]


def test_a_command_is_run_and_a_failing_one_recorded(call, folder: Path):
    done = call("rollback", "churn", "--env", "prod", "--yes", "--run", "echo to $LEAN_VERSION; exit 5", cwd=folder)
    assert done.returncode == 1
    assert "to 12\n" in done.stderr
    assert "13 is still declared live in prod" in done.stderr
    assert (newest(folder)["outcome"], newest(folder)["exit_code"]) == ("failed", 5)


def test_a_dry_run_shows_the_plan_and_does_nothing(call, folder: Path):
    before = trail_of(folder)
    done = call("rollback", "churn", "--env", "prod", "--dry-run", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("churn in prod: from 13 back to 12, which served from 2026-03-02 12:00 to 2026-03-03")
    said = json.loads(call("rollback", "churn", "--env", "prod", "--dry-run", "--json", cwd=folder).stdout)
    assert (said["outcome"], said["from"], said["to"], said["event"]) == ("planned", "13", "12", None)
    assert [check["verdict"] for check in said["preflight"]] == ["pass"] * 4
    assert trail_of(folder) == before


def test_a_version_from_a_dirty_tree_is_noted_and_can_be_gone_back_to(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", *served("12", "13"), dirty=True)
    rollback = ("rollback", "churn", "--env", "prod", "--dry-run")
    assert "note     12 was registered from a dirty working tree: " in call(*rollback, cwd=folder).stdout
    assert len(json.loads(call(*rollback, "--json", cwd=folder).stdout)["notes"]) == 1
    drill = call("drill", "churn", "--env", "prod", "--json", cwd=folder)
    assert (drill.returncode, len(json.loads(drill.stdout)["notes"])) == (0, 1)


def test_where_nobody_can_be_asked_it_wants_a_yes(call, folder: Path):
    before = trail_of(folder)
    done = call("rollback", "churn", "--env", "prod", cwd=folder)
    assert done.returncode == 2
    assert "add --yes" in done.stderr
    assert trail_of(folder) == before


@pytest.mark.parametrize(("answer", "code", "events"), [(b"n\n", 1, 0), (b"y\n", 0, 1)])
def test_in_a_terminal_it_asks(folder: Path, answer: bytes, code: int, events: int):
    before = len(trail_of(folder))
    words = ["-m", "lean_core", "rollback", "churn", "--env", "prod"]
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, *words], os.environ | {"PYTHONPATH": str(ROOT)})
    said = b""
    while b"[y/N]" not in said:
        said += os.read(terminal, 65_536)
    assert b"Take churn in prod back from 13 to 12?" in said
    os.write(terminal, answer)
    try:
        while os.read(terminal, 65_536):
            pass
    except OSError:  # Linux says so where the other side has closed
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == code
    os.close(terminal)
    assert len(trail_of(folder)) - before == events


def test_a_damaged_artifact_is_not_gone_back_to(call, folder: Path):
    (folder / "registry/churn/12/model.pkl").write_bytes(b"other")
    before = trail_of(folder)
    done = call("rollback", "churn", "--env", "prod", "--yes", "--json", cwd=folder)
    assert done.returncode == 1
    assert "refused: The artifact model.pkl is not what was registered" in done.stderr
    assert json.loads(done.stdout)["outcome"] == "refused"
    assert trail_of(folder) == before


def test_a_version_that_is_gone_from_the_registry_is_not_gone_back_to(call, folder: Path):
    (folder / "registry/churn/12").rename(folder / "12")
    done = call("rollback", "churn", "--env", "prod", "--yes", cwd=folder)
    assert done.returncode == 1
    assert "it is not in the registry any more, though it was deployed" in done.stderr


def test_going_back_works_where_the_live_version_is_gone(call, folder: Path):
    (folder / "registry/churn/13").rename(folder / "13")
    assert call("rollback", "churn", "--env", "prod", "--yes", cwd=folder).returncode == 0


def test_where_there_is_no_way_back_it_says_why(call, folder: Path):
    for arguments, words in (
        (["--env", "test"], "no deployment of churn in test is recorded"),
        (["--env", "prod", "--to", "13"], "13 is live in prod already: name one of 12"),
        (["--env", "prod", "--to", "7"], "7 never served churn in prod"),
    ):
        done = call("rollback", "churn", *arguments, "--yes", cwd=folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert words in done.stderr
    done = call("rollback", "churn", "--env", "test", "--json", cwd=folder)
    assert json.loads(done.stdout)["outcome"] == "refused"


def test_going_back_twice_does_not_return_to_what_was_undone(call, folder: Path):
    assert call("rollback", "churn", "--env", "prod", "--yes", cwd=folder).returncode == 0
    done = call("rollback", "churn", "--env", "prod", "--yes", cwd=folder)
    assert done.returncode == 1
    assert "was itself rolled back: name one of 13 with --to" in done.stderr


def test_a_model_that_is_not_there_is_a_wrong_command(call, folder: Path):
    done = call("rollback", "fraud", "--env", "prod", "--yes", cwd=folder)
    assert done.returncode == 2
    assert "there is no model fraud" in done.stderr


def test_a_drill_is_recorded_with_its_seconds(call, folder: Path):
    done = call("drill", "churn", "--env", "prod", "--by", "ana", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "ana rehearsed rolling churn in prod back from 13 to 12, and it would work" in done.stdout
    event = newest(folder)
    assert (event["kind"], event["from"], event["to"], event["outcome"]) == ("drill", "13", "12", "succeeded")
    assert event["seconds"] >= 0


def test_a_drill_that_finds_something_is_recorded_as_failed_and_exits_1(call, folder: Path):
    (folder / "registry/churn/12/requirements.lock").unlink()
    done = call("drill", "churn", "--env", "prod", "--json", cwd=folder)
    assert done.returncode == 1
    assert json.loads(done.stdout)["outcome"] == "failed"
    assert newest(folder)["reason"] == "The lock file requirements.lock is not in the registry any more."


def test_where_there_is_nothing_to_rehearse_nothing_is_recorded(call, folder: Path):
    before = trail_of(folder)
    assert call("drill", "churn", "--env", "test", cwd=folder).returncode == 1
    assert trail_of(folder) == before
