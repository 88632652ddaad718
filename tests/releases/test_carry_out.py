from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from lean_core.errors import AlreadyThere, ObjectsUnreachable, UnavailableError
from lean_core.objects import LocalObjects
from lean_core.registry import Artifact, read_trail
from lean_core.releases import Order, Shell, carry_out
from tests.registry.folders import a_record
from tests.releases.builders import on

ORDER = Order(model="churn", version="12", environment="prod", actor="ana", gate="g", skipped=("test",), note="hotfix")
RECORD = a_record(version="12")


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    root = tmp_path / "registry"
    root.mkdir()
    return LocalObjects(root)


def shell(command: str, folder: Path, **environ: str) -> Shell:
    return Shell(command=command, folder=folder, environ=dict(os.environ) | environ, tell=lambda _: None)


def test_a_deployment_is_written_into_the_trail(objects: LocalObjects):
    order = dataclasses.replace(ORDER, how="https://ci/1")
    event = carry_out(objects, order, RECORD, shell=None, now=lambda: on(1))
    assert read_trail(objects, "churn").events == (event,)
    assert (event.at, event.actor, event.outcome, event.how) == (on(1), "ana", "succeeded", "https://ci/1")
    assert (event.gate, event.skipped, event.note, event.seconds) == ("g", ("test",), "hotfix", None)


def test_a_command_is_run_and_its_outcome_and_duration_recorded(objects: LocalObjects, tmp_path: Path):
    event = carry_out(objects, ORDER, RECORD, shell=shell("echo done", tmp_path), now=lambda: on(1))
    assert read_trail(objects, "churn").events == (event,)
    assert (event.outcome, event.how, event.exit_code, event.tail) == ("succeeded", "echo done", 0, None)
    assert event.seconds is not None
    assert event.seconds >= 0


def test_a_failing_command_is_recorded_with_the_end_of_its_output(objects: LocalObjects, tmp_path: Path):
    command = shell("echo using $DB_PASSWORD; exit 4", tmp_path, DB_PASSWORD="hunter2-the-second")
    event = carry_out(objects, ORDER, RECORD, shell=command, now=lambda: on(1))
    assert read_trail(objects, "churn").events == (event,)
    assert (event.outcome, event.exit_code, event.tail) == ("failed", 4, "using ***")


def test_the_command_finds_what_to_deploy_in_its_environment(objects: LocalObjects, tmp_path: Path):
    names = " ".join(f"$LEAN_{name}" for name in ("MODEL", "VERSION", "ENVIRONMENT", "ARTIFACT"))
    carry_out(objects, ORDER, RECORD, shell=shell(f"echo {names} > out", tmp_path), now=lambda: on(1))
    root = tmp_path / "registry"
    assert (tmp_path / "out").read_text() == f"churn 12 prod {root}/churn/12/model.pkl\n"


@pytest.mark.parametrize(("path", "ending"), [(".", "churn/12"), ("model/", "churn/12/model"), ("../13/x", "")])
def test_an_artifact_that_is_a_folder_or_leads_elsewhere(objects: LocalObjects, tmp_path: Path, path: str, ending: str):
    record = dataclasses.replace(RECORD, artifact=Artifact(path=path))
    carry_out(objects, ORDER, record, shell=shell('echo "$LEAN_ARTIFACT" > out', tmp_path), now=lambda: on(1))
    assert (tmp_path / "out").read_text() == (f"{tmp_path}/registry/{ending}\n" if ending else "\n")


def test_a_secret_in_the_command_is_not_recorded(objects: LocalObjects, tmp_path: Path):
    command = shell("true token=abcdef ghp_" + "a" * 36, tmp_path)
    assert carry_out(objects, ORDER, RECORD, shell=command, now=lambda: on(1)).how == "true token=*** ***"


class ReadOnly(LocalObjects):
    def create(self, key: str, content: bytes) -> None:
        raise ObjectsUnreachable(f"the server of {key} does not answer: try again ({len(content)} bytes)")


def test_what_can_not_be_recorded_says_what_happened_and_how_to_record_it(tmp_path: Path):
    objects = ReadOnly(tmp_path)
    with pytest.raises(UnavailableError, match=r"the command succeeded, and that could not be recorded") as raised:
        carry_out(objects, ORDER, RECORD, shell=shell("true", tmp_path), now=lambda: on(1))
    assert str(raised.value).endswith("record it: lean-mlops deploy churn 12 --env prod --how true")
    with pytest.raises(UnavailableError, match=r"the command failed"):
        carry_out(objects, ORDER, RECORD, shell=shell("false", tmp_path), now=lambda: on(1))


def test_an_event_is_never_written_over(objects: LocalObjects, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("secrets.token_hex", lambda _: "abcdef")
    carry_out(objects, ORDER, RECORD, shell=None, now=lambda: on(1))
    with pytest.raises(AlreadyThere):
        carry_out(objects, ORDER, RECORD, shell=None, now=lambda: on(1))
