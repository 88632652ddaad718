"""Every place in which objects may lie."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from lean_core.objects import Objects
from tests.ceph import Ceph
from tests.contract.backends import Backend, bucket, folder, name_owner
from tests.swift import Swift

ATOMIC = [
    "folder",
    pytest.param("ceph over http", marks=pytest.mark.s3),
    pytest.param("ceph over https", marks=pytest.mark.s3),
]
ALL = [*ATOMIC, pytest.param("swift", marks=pytest.mark.s3)]


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """Return an empty place of each kind."""
    if request.param == "folder":
        (tmp_path / "root").mkdir()
        return folder(tmp_path / "root")
    server: Ceph | Swift = request.getfixturevalue(request.param.partition(" ")[0])
    name_owner(server, monkeypatch)
    prefix = f"team/{uuid.uuid4().hex}"
    if isinstance(server, Ceph) and request.param.endswith("https"):
        monkeypatch.setenv("AWS_CA_BUNDLE", str(server.certificates))
        return bucket(server, prefix, endpoint=server.https)
    return bucket(server, prefix)


@pytest.fixture
def objects(backend: Backend) -> Objects:
    """Return the place, opened."""
    return backend.open()
