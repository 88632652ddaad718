"""A beat: what a job said at a moment, as a JSON file that is written once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import secrets
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn, get_args

import msgspec

from lean_core.errors import NameRefused
from lean_core.settings import JOB_PATTERN

SCHEMA: Literal[1] = 1
FOLDER = ".heartbeats"
"""In the registry. No model's name begins with a dot, so the registry passes it over."""
LONGEST_NOTE = 300
Said = Literal["start", "success", "fail"]

_ID = re.compile(rf"([0-9]{{8}}T[0-9]{{9}})Z-({'|'.join(get_args(Said))})-[0-9a-f]{{12}}")
_STAMP = "%Y%m%dT%H%M%S%f"
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e10)]
_Limit = Annotated[float, msgspec.Meta(ge=1, le=520 * 604_800)]
"""From a second to 520 weeks, as lean.toml has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a beat may say besides."""

    run: str | None = None
    """Which run it is about: the same in the beats of its start and its end."""
    seconds: _Seconds | None = None
    """How long the run took."""
    exit_code: int | None = None
    every_seconds: _Limit | None = None
    """How often the job means to succeed."""
    grace_seconds: _Limit | None = None
    """How much later than that is merely late."""
    note: str | None = None
    host: str | None = None
    """The machine's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(Details):
    """What a job said."""

    schema: Literal[1] = SCHEMA
    kind: Literal["heartbeat"] = "heartbeat"
    id: str
    job: str
    said: Said
    at: dt.datetime
    """Naive UTC, by the clock of the job's machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatKey:
    """What the name of a beat's file tells, without reading it."""

    key: str
    id: str
    said: Said
    at: dt.datetime


def make_beat(job: str, said: Said, *, at: dt.datetime, details: Details) -> Beat:
    """Make a beat.

    Raises:
        NameRefused: no job can be called so.
    """
    check_job(job)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)  # as far as its name and its JSON go
    beat_id = f"{at.strftime(_STAMP)[:-3]}Z-{said}-{secrets.token_hex(6)}"
    return Beat(id=beat_id, job=job, said=said, at=at, **_said(details))


def check_job(job: str) -> str:
    """Return the name of a job, or refuse it.

    Raises:
        NameRefused: it can't be a folder everywhere.
    """
    if re.fullmatch(JOB_PATTERN, job):
        return job
    raise NameRefused(
        f"the job {job[:120]!r} has a name that can't be a folder everywhere:"
        " use 1 to 100 of A-Z a-z 0-9 . _ - and no dot at the start"
    )


def key_of(beat: Beat) -> str:
    """Return where a beat lies: in a folder for each day, so that a reader lists only the newest ones."""
    return f"{FOLDER}/{beat.job}/{beat.at:%Y-%m-%d}/{beat.id}.json"


def read_key(key: str) -> BeatKey | None:
    """Return what a key tells, or None where it is not that of a beat."""
    beat_id = key.rpartition("/")[2].removesuffix(".json")
    match = _ID.fullmatch(beat_id)
    if match is None or not key.endswith(".json"):
        return None
    try:
        at = dt.datetime.strptime(f"{match[1]}000", _STAMP)  # noqa: DTZ007 - naive UTC
    except ValueError:
        return None
    said: Said = match[2]  # type: ignore[assignment]  # the pattern has the three words
    return BeatKey(key=key, id=beat_id, said=said, at=at)


def render_beat(beat: Beat) -> bytes:
    """Write a beat as indented JSON, without what it does not say."""
    return (json.dumps(describe_beat(beat), indent=2, ensure_ascii=False) + "\n").encode()


def describe_beat(beat: Beat) -> dict[str, object]:
    """Return what a beat's JSON says."""
    first = {"schema": beat.schema, "kind": beat.kind, "id": beat.id, "job": beat.job, "said": beat.said}
    return first | {"at": f"{beat.at.isoformat(timespec='milliseconds')}Z"} | _said(beat)


def parse_beat(content: bytes, named: BeatKey, *, job: str) -> Beat | str:
    """Return the beat in a file, or why it can't be read; fields that this schema does not know are passed over."""
    try:
        found = json.loads(content, parse_constant=_refuse)
        schema = found["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"{named.key} is not a JSON object with `schema`"
    if isinstance(schema, int) and schema > SCHEMA:
        return f"{named.key} has schema {schema}, newer than {SCHEMA}: upgrade the workbench"
    try:
        beat = msgspec.convert({name: each for name, each in found.items() if each is not None}, Beat)
    except msgspec.ValidationError as error:
        return f"{named.key} does not follow the convention: {error}"
    at = beat.at.astimezone(dt.UTC).replace(tzinfo=None) if beat.at.tzinfo else beat.at
    if (beat.job, beat.id, beat.said, at) != (job, named.id, named.said, named.at):
        return f"{named.key} says otherwise than its name: it was moved, renamed or copied"
    return dataclasses.replace(beat, at=at)


def beat_of(named: BeatKey, *, job: str) -> Beat:
    """Return the beat of a file that can't be read: its name says the most of it."""
    return Beat(id=named.id, job=job, said=named.said, at=named.at)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # not a number, and the infinities, are no JSON


def _said(details: Details) -> dict[str, Any]:
    values = {field.name: getattr(details, field.name) for field in dataclasses.fields(Details)}
    return {name: value for name, value in values.items() if value is not None}
