"""The record of a version: ``version.json``, written last and created once."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lean_core.registry import document

SCHEMA: Literal[1] = 1
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="64 hex digits")]
Commit = Annotated[str, Meta(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?\Z", description="40 (or 64) hex digits")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """The file or folder that a version is about."""

    path: str
    """From the version's folder."""
    sha256: Sha256 | None = None
    """Of the file; of a folder, over its sorted (path, sha256) pairs."""
    bytes: int | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code that made the version."""

    commit: Commit | None = None
    repo: str | None = None
    """The remote's address, without secrets."""
    dirty: bool | None = None
    """Whether the working tree had changes that no commit has; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A reference to data that the version was trained on."""

    name: str
    ref: str
    """A URI, or a path from the repository's root; empty where only the digest is known."""
    digest: str | None = None
    """With its algorithm: ``sha256:…``, or ``mlflow:…`` for what MLflow computed of a data frame."""
    as_of: str | None = None
    context: str | None = None
    """What it was read for, as the run says it: ``training``, ``eval``, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The metrics file: a flat JSON object of numbers."""

    path: str
    sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What another person needs to build the same surroundings."""

    python: str | None = None
    lockfile: str | None = None
    """From the version's folder."""
    sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The run, as its source knows it."""

    source: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowVersion:
    """A version in MLflow's own registry, as it stood when ours was made from it."""

    source: str
    model: str
    version: str
    aliases: tuple[str, ...] = ()
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """How a folder that the workbench did not make got its record."""

    kind: str
    """What it was found to be: ``mlflow``, ``pins``, ``registry file``, …"""
    found: Mapping[str, str] = field(default_factory=dict)
    """Where each field of the record was found; what is not in here was said by who adopted it."""
    made_at: str | None = None
    """When the files were made, as somebody wrote it, in whatever zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that a version's record says; None and empty where it says nothing."""

    schema: Literal[1] = SCHEMA
    model: str
    version: str
    artifact: Artifact | None = None
    code: Code | None = None
    data: tuple[Data, ...] = ()
    metrics: Metrics | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    environment: Environment | None = None
    run: Origin | None = None
    owner: str | None = None
    note: str | None = None
    created_at: dt.datetime | None = None
    """Naive UTC."""
    created_by: str | None = None
    mlflow: MlflowVersion | None = None
    """Where it was registered from a version in MLflow's registry."""
    adopted: Adopted | None = None
    """Where the files were there before the record."""

    @property
    def dirty(self) -> bool | None:
        """Whether the working tree had changes that no commit has; None: not known."""
        return self.code.dirty if self.code else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a record can't be used."""

    kind: Literal["damaged", "newer", "misplaced", "forbidden"]
    sentence: str
    """What is wrong, and what to do."""


FIELDS = ("artifact", "folder", "commit", "data", "metrics", "owner", "note")
"""The seven fields of a version, in the roadmap's order: object-store folder, artifact name, code commit, training-data
reference, metrics file, owner, deployment note."""


def present_fields(record: Record) -> frozenset[str]:
    """Return which of the seven `FIELDS` a record fills."""
    filled: dict[str, object] = {
        "artifact": record.artifact,
        "folder": True,  # it lies in one
        "commit": record.code and record.code.commit,
        "data": any(data.ref for data in record.data),
        "metrics": record.metrics,
        "owner": record.owner,
        "note": record.note,
    }
    return frozenset(name for name, value in filled.items() if value)


def parse_record(content: bytes, *, model: str, version: str) -> Record | Unreadable:
    """Read a record; fields that this schema does not know are passed over.

    Args:
        content: of ``version.json``.
        model: the name of the folder above the version's.
        version: the name of the folder in which it lies.
    """
    try:
        record = _in_utc(_decoder().decode(content))
    except (msgspec.MsgspecError, OverflowError):
        found = _parse_patiently(content)
        if isinstance(found, Unreadable):
            return found
        record = found
    if (record.model, record.version) == (model, version):
        return record
    named = f"{record.model}/{record.version}"
    return Unreadable(
        kind="misplaced", sentence=f"version.json is of {named}, but lies in {model}/{version}: it was moved or copied"
    )


def render_record(record: Record) -> bytes:
    """Write a record as indented JSON, the keys in the convention's order, without what it does not say."""
    return document.render(record, renamed={})


@functools.cache
def _decoder() -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(Record)


def _parse_patiently(content: bytes) -> Record | Unreadable:
    """Read what a strict parser refuses: NaN, nulls, a byte order mark, UTF-16; or say what is wrong with it."""
    try:
        found = json.loads(content)
        schema = found["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Unreadable(kind="damaged", sentence="version.json is not a JSON object with a number “schema”")
    if isinstance(schema, int) and schema > SCHEMA:
        return Unreadable(
            kind="newer", sentence=f"version.json has schema {schema}, newer than {SCHEMA}: upgrade the workbench"
        )
    try:
        return _in_utc(msgspec.convert({key: each for key, each in found.items() if each is not None}, Record))
    except msgspec.ValidationError as error:
        return Unreadable(kind="damaged", sentence=f"version.json does not follow the convention: {error}")
    except OverflowError:
        return Unreadable(kind="damaged", sentence="version.json has a time that is out of range: “created_at”")


def _in_utc(record: Record) -> Record:
    """Make the time of a record that nobody else has seen yet naive UTC; a copy would take longer than the parser."""
    time = record.created_at
    if time is not None and time.tzinfo is not None:
        object.__setattr__(record, "created_at", time.astimezone(dt.UTC).replace(tzinfo=None))
    return record
