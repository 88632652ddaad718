"""The beats of jobs, in the folder or bucket of the registry."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lean_core.errors import (
    CredentialsMissing,
    CredentialsRefused,
    NameRefused,
    ObjectsError,
    ObjectsUnreachable,
    RootMissing,
    UnavailableError,
)
from lean_core.objects import Objects
from lean_core.settings import JOB_PATTERN
from lean_core.signals.heartbeats.beat import (
    FOLDER,
    Beat,
    BeatKey,
    beat_of,
    key_of,
    parse_beat,
    read_key,
    render_beat,
)

NEWEST = 24
"""Beats of a job that are read, at most: ten runs with start and end, and what came after them."""
SUCCESSES = 12
"""So many are looked for among older ones too, so that a job that only fails hides none."""
DAYS = 32
"""Folders of days that are listed, at most: a monthly job has had one run a folder."""
_DAYS_AT_ONCE = 8
_THREADS = 8
_LARGEST = 100_000
"""Bytes of a beat, at most: more is something else under its name."""
_ABOUT_ALL = (ObjectsUnreachable, CredentialsMissing, CredentialsRefused, RootMissing)
"""Errors that are not about one object."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """What was read of a job."""

    beats: tuple[Beat, ...]
    """The newest ones, and older successes, oldest first."""
    notes: tuple[str, ...] = ()
    """Sentences about what could not be read, or does not count."""


NO_BEATS = Beats(beats=())


def write_beat(objects: Objects, beat: Beat) -> None:
    """Write a beat.

    Its name is nobody else's (48 random bits), so nothing is replaced and it needs no promise of the server that of two
    writers one wins. To find out whether a bucket gives that promise takes 54 requests, which is for `register`, not
    for a job that runs each hour.

    Raises:
        UnavailableError: it can't be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="lean-beat-") as folder:
            path = Path(folder) / "beat.json"
            path.write_bytes(render_beat(beat))
            objects.upload(path, key_of(beat), progress=lambda _: None)
    except OSError as error:
        raise UnavailableError(
            f"the beat can't be written to a temporary file ({error.strerror}): make room, or set TMPDIR to a folder"
            " that can be written"
        ) from None


def list_jobs(objects: Objects) -> list[str]:
    """Return the names of the jobs that ever beat.

    Raises:
        ObjectsError: the registry can't be listed.
    """
    return [name for name in objects.list_folders(f"{FOLDER}/") if re.fullmatch(JOB_PATTERN, name)]


def read_beats(objects: Objects, jobs: Iterable[str], *, now: dt.datetime) -> dict[str, Beats]:
    """Read the newest beats of jobs; one that never beat has none.

    Raises:
        ObjectsError: the registry can't be read.
    """
    named = list(jobs)
    listed = _map(lambda job: _list_newest(objects, job, now), named)
    chosen = [choose(keys, now=now) for keys in listed]
    wanted = [(job, key) for job, keys in zip(named, chosen, strict=True) for key in keys]
    read = dict(zip([key.key for _, key in wanted], _map(lambda each: _read(objects, *each), wanted), strict=True))
    return {
        job: _gather([read[key.key] for key in keys], _count_future(of_job, now))
        for job, keys, of_job in zip(named, chosen, listed, strict=True)
    }


def choose(keys: Iterable[BeatKey], *, now: dt.datetime) -> list[BeatKey]:
    """Return the keys that are worth reading, oldest first: the newest, the last successes, and the very first.

    Args:
        keys: of one job, in any order.
        now: later ones do not count.
    """
    past = sorted((key for key in keys if key.at <= now), key=lambda key: (key.at, key.id))
    successes = [key for key in past if key.said == "success"]
    kept = {key.id for key in (*past[:1], *past[-NEWEST:], *successes[-SUCCESSES:])}
    return [key for key in past if key.id in kept]


def _list_newest(objects: Objects, job: str, now: dt.datetime) -> list[BeatKey]:
    """List folders of days, the newest first, until there are enough beats."""
    days = sorted(objects.list_folders(f"{FOLDER}/{job}/"), reverse=True)
    found: list[BeatKey] = []
    for start in range(0, min(len(days), DAYS), _DAYS_AT_ONCE):
        for keys in _map(lambda day: _list_day(objects, job, day), days[start : start + _DAYS_AT_ONCE]):
            found += keys
        past = [key for key in found if key.at <= now]
        if len(past) >= NEWEST and sum(key.said == "success" for key in past) >= SUCCESSES:
            break
    return found


def _list_day(objects: Objects, job: str, day: str) -> list[BeatKey]:
    named = (read_key(info.key) for info in objects.walk(f"{FOLDER}/{job}/{day}/") if not info.refused)
    return [key for key in named if key is not None]


def _read(objects: Objects, job: str, named: BeatKey) -> tuple[Beat, str]:
    """Return a beat, and why its name had to do, if it had to."""
    try:
        found = parse_beat(objects.read(named.key, limit=_LARGEST), named, job=job)
    except _ABOUT_ALL:
        raise
    except (ObjectsError, NameRefused) as error:
        found = f"{named.key} can't be read: {error}"
    return (beat_of(named, job=job), found) if isinstance(found, str) else (found, "")


def _gather(read: Sequence[tuple[Beat, str]], future: int) -> Beats:
    notes = [why for _, why in read if why]
    if future:
        beats = "1 beat lies" if future == 1 else f"{future:,} beats lie"
        notes.append(f"{beats} in the future and does not count: the clock of the machine that wrote it is ahead")
    return Beats(beats=tuple(beat for beat, _ in read), notes=tuple(notes))


def _count_future(keys: Iterable[BeatKey], now: dt.datetime) -> int:
    return sum(key.at > now for key in keys)


def _map(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Work on several at a time: a server makes each of them wait."""
    if len(items) <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(_THREADS, len(items)), thread_name_prefix="beats") as threads:
        return list(threads.map(work, items))
