"""The same commands with the registry, and what the running system says, in a bucket of a real S3 server."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from tests.ceph import Ceph
from tests.cli.releases_workspace import make, served
from tests.contract.backends import BUCKET, Backend, bucket, name_owner
from tests.swift import Swift

pytestmark = pytest.mark.s3


@pytest.fixture
def place(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> Backend:
    name_owner(ceph, monkeypatch)
    return bucket(ceph, f"team/{uuid.uuid4().hex}")


@pytest.fixture
def folder(tmp_path: Path, place: Backend, ceph: Ceph) -> Path:
    """Return a workspace with 13 live after 12."""
    return moved_into(place, make(tmp_path / "workspace", *served("12", "13")), ceph)


def moved_into(place: Backend, folder: Path, server: Ceph | Swift) -> Path:
    """Move the registry of a workspace into a bucket, and return the workspace."""
    root = folder / "registry"
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        place.plant(path.relative_to(root).as_posix(), path.read_bytes())
    uri = place.open().uri
    text = (folder / "lean.toml").read_text(encoding="utf-8")
    s3 = f'uri = "{uri}"\nendpoint = "{server.http}"\nregion = "{server.region}"'
    probe = f'\n[probes.churn.prod]\nobject = "{uri}/serving/VERSION"\ntimeout = "30s"\n'
    (folder / "lean.toml").write_text(text.replace('uri = "registry"', s3) + probe, encoding="utf-8")
    return folder


def test_a_rollback_and_what_is_seen_of_it(call, folder: Path, place: Backend):
    place.plant("serving/VERSION", b"13\n")
    assert call("live", "churn", "--probe", "--env", "prod", cwd=folder).returncode == 0
    drill = call("drill", "churn", "--env", "prod", cwd=folder)
    assert drill.returncode == 0, drill.stderr
    done = call("rollback", "churn", "--env", "prod", "--yes", "--run", "echo at $LEAN_ARTIFACT", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert f"at {place.open().uri}/churn/12/model.pkl\n" in done.stderr
    seen = call("live", "churn", "--probe", "--env", "prod", "--json", cwd=folder)
    (prod,) = json.loads(seen.stdout)
    assert (seen.returncode, prod["version"], prod["observed"]["version"]) == (1, "12", "13")


def test_an_object_that_is_not_there_or_may_not_be_read_is_unobservable(call, folder: Path, ceph: Ceph):
    done = call("live", "churn", "--probe", "--env", "prod", cwd=folder)
    assert done.returncode == 3
    assert f"s3://{BUCKET}/" in done.stderr
    settings = (folder / "lean.toml").read_text(encoding="utf-8")
    elsewhere = settings.replace(f'object = "s3://{BUCKET}/', f'object = "s3://no-such-bucket-{ceph.region}/')
    (folder / "lean.toml").write_text(elsewhere, encoding="utf-8")
    done = call("live", "churn", "--probe", "--env", "prod", "--json", cwd=folder)
    assert json.loads(done.stdout)[0]["observed"]["state"] == "unobservable"
    assert done.returncode == 3


def test_where_it_could_not_be_recorded_nothing_is_deployed(
    call, tmp_path: Path, swift: Swift, monkeypatch: pytest.MonkeyPatch
):
    name_owner(swift, monkeypatch)
    place = bucket(swift, f"team/{uuid.uuid4().hex}")
    folder = moved_into(place, make(tmp_path / "workspace", *served("12", "13")), swift)
    done = call("deploy", "churn", "12", "--env", "prod", "--run", "touch deployed", cwd=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing was deployed, since it could not be recorded" in done.stderr
    assert not (folder / "deployed").exists()


def test_events_are_created_in_the_bucket(call, folder: Path):
    done = call("deploy", "churn", "12", "--env", "prod", "--how", "make deploy", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(call("trail", "churn", "--json", cwd=folder).stdout)
    assert [event["version"] for event in told if event["kind"] == "deployment"] == ["12", "13", "12"]
