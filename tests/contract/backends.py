"""The places that objects may lie in, each with a way to look behind its back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from lean_core.objects import Objects, open_objects
from tests.ceph import Ceph
from tests.swift import Swift

BUCKET = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A place that is empty at first."""

    name: str
    open: Callable[[], Objects]
    plant: Callable[[str, bytes], None]
    """Puts an object there, or another in its place, without our code."""
    look: Callable[[str], bytes]
    """Returns an object's bytes, without our code."""


def folder(root: Path) -> Backend:
    """Return a local folder."""

    def plant(key: str, content: bytes) -> None:
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(content)

    return Backend(
        name="folder",
        open=lambda: open_objects(str(root), folder=Path("/")),
        plant=plant,
        look=lambda key: (root / key).read_bytes(),
    )


def bucket(server: Ceph | Swift, prefix: str, *, endpoint: str = "") -> Backend:
    """Return a prefix in a bucket of a server, whose owner the environment must name."""
    client = server.client()
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket=BUCKET)

    def plant(key: str, content: bytes) -> None:
        client.put_object(Bucket=BUCKET, Key=f"{prefix}/{key}", Body=content)

    def look(key: str) -> bytes:
        content: bytes = client.get_object(Bucket=BUCKET, Key=f"{prefix}/{key}")["Body"].read()
        return content

    return Backend(
        name=type(server).__name__,
        open=lambda: open_objects(
            f"s3://{BUCKET}/{prefix}",
            folder=Path("/"),
            endpoint=endpoint or server.http,
            region=server.region,
            single_writer=isinstance(server, Swift),
        ),
        plant=plant,
        look=look,
    )


def name_owner(server: Ceph | Swift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the credentials of a server's owner where AWS looks for them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.owner.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.owner.secret_key)
