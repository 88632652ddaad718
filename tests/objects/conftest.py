"""What the tests of places share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lean_core.objects import Objects, forget_probes, open_objects
from tests.ceph import Ceph
from tests.contract.backends import name_owner

Open = Callable[..., Objects]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_probes()
    yield
    forget_probes()


@pytest.fixture
def made_up_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put credentials where AWS looks for them, for servers that don't care."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDMADEUP")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up-secret")


@pytest.fixture
def as_owner(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> Ceph:
    """Return the gateway, with its owner's credentials where AWS looks for them."""
    name_owner(ceph, monkeypatch)
    return ceph


def open_s3(endpoint: str, uri: str = "s3://bucket/registry", *, single_writer: bool = False) -> Objects:
    """Return a place on a server."""
    return open_objects(uri, folder=Path("/"), endpoint=endpoint, region="default", single_writer=single_writer)
