"""``upload.json``: who began to upload what as a version, created once before the first file.

Without it, two who upload different artifacts as the same version at the same time would overwrite each other's files,
and the record of the winner could lie beside files of the loser. With it, only files of the same content are ever
written under a version, so whoever comes back can go on where the upload was interrupted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from lean_core.registry import document
from lean_core.registry.hashing import fold_hashes
from lean_core.registry.names import UPLOAD
from lean_core.registry.payload import HashedFile
from lean_core.registry.record import Sha256

SCHEMA: Literal[1] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What is being uploaded, and by whom."""

    schema: Literal[1] = SCHEMA
    model: str
    version: str
    begun_at: dt.datetime
    """Naive UTC."""
    begun_by: str
    files: int
    bytes: int
    sha256: Sha256
    """Over the sorted (path, sha256) pairs of all files but the record."""

    def __str__(self) -> str:
        """Say who began, and when."""
        return f"{self.begun_by} on {self.begun_at:%Y-%m-%d %H:%M} UTC"


def upload_key(model: str, version: str) -> str:
    """Return where it is noted who began to upload a version."""
    return f"{model}/{version}/{UPLOAD}"


def begin_upload(files: Iterable[HashedFile], *, model: str, version: str, at: dt.datetime, actor: str) -> Upload:
    """Return what is to be noted before files are uploaded as a version."""
    listed = tuple(files)
    return Upload(
        model=model,
        version=version,
        begun_at=at,
        begun_by=actor,
        files=len(listed),
        bytes=sum(each.file.bytes for each in listed),
        sha256=fold_hashes((each.file.path, each.sha256) for each in listed),
    )


def parse_upload(content: bytes) -> Upload | None:
    """Read an ``upload.json``; None where it can't be read, which tells no more than that somebody began."""
    try:
        return document.in_utc(msgspec.json.decode(content, type=Upload))
    except (msgspec.MsgspecError, OverflowError):
        return None


def render_upload(upload: Upload) -> bytes:
    """Write it as JSON."""
    return document.render(upload, renamed={})
