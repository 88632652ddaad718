"""The grammar of names in a registry, in one place."""

from __future__ import annotations

import datetime as dt
import functools
import re
import secrets

from lean_core.errors import NameRefused
from lean_core.objects import check_key

RECORD = "version.json"
UPLOAD = "upload.json"
"""Says who began to upload a version: a folder that has it and no record is incomplete, and not a foreign one."""
TRAIL = "trail"
RESERVED = frozenset({TRAIL})
_SHOWN = 120
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_EVENT = re.compile(r"[0-9]{8}T[0-9]{9}Z-[a-z]+-[A-Za-z0-9._-]+-[0-9a-f]{6,}")


def is_name(name: str) -> bool:
    """Whether a model or a version may be called so."""
    return bool(_NAME.fullmatch(name)) and name not in RESERVED


def check_name(name: str, *, what: str) -> str:
    """Return the name of a model, a version or an environment (``what`` says which), or refuse it.

    Raises:
        NameRefused: it is not 1 to 100 of ``A-Z a-z 0-9 . _ -``, starts with a dot, or is reserved.
    """
    if is_name(name):
        return name
    if name in RESERVED:
        raise NameRefused(f"the {what} can't be called {name!r}, which is where events lie: choose another name")
    raise NameRefused(
        f"the {what} {name[:_SHOWN]!r} has a name that can't be a folder everywhere:"
        " use 1 to 100 of A-Z a-z 0-9 . _ - and no dot at the start"
    )


@functools.lru_cache(maxsize=1_024)  # the same few names in every version of a model
def check_path(path: str) -> str:
    """Return a path of a record, which counts from the version's folder, in its plain form; ``.`` is the folder itself.

    Raises:
        NameRefused: it is absolute, a Windows path, or leads out of the folder.
    """
    plain = path.removeprefix("./").rstrip("/") if path != "/" else path
    if path and plain in {"", "."}:
        return "."
    try:
        return check_key(plain)
    except NameRefused:
        raise NameRefused(
            f"the path {path[:_SHOWN]!r} is not one in the version's folder: name a place in it, with slashes"
        ) from None


def record_key(model: str, version: str) -> str:
    """Return where a version's record lies."""
    return f"{model}/{version}/{RECORD}"


def event_key(model: str, event_id: str) -> str:
    """Return where an event lies."""
    return f"{model}/{TRAIL}/{event_id}.json"


def is_event_id(text: str) -> bool:
    """Whether a text is an event's id, as `new_event_id` makes them."""
    return bool(_EVENT.fullmatch(text))


def new_event_id(kind: str, *, environment: str | None, at: dt.datetime) -> str:
    """Make an event's id, which is its file's name too: time, kind, environment, and six random hex digits.

    Args:
        kind: of the event.
        environment: None for an event that concerns all of them.
        at: naive UTC.
    """
    stamp = f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z"
    return f"{stamp}-{kind}-{environment or 'all'}-{secrets.token_hex(3)}"
