"""A comment that admits a shortcut, and the item that it would become."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One comment; of several that say the same in one file, the first."""

    path: str
    """From the top of the repository."""
    line: int
    word: str
    """TODO, FIXME, HACK, XXX or DEBT."""
    owner: str = ""
    """Whom it names in brackets."""
    until: dt.date | None = None
    text: str = ""
    """What it says; empty where nothing, or where it holds a credential."""
    secret: str = ""
    """The kind of credential in it."""
    fingerprint: str
    author: str = ""
    """Who last changed the line; empty where git was not asked, or has it in no commit."""
    written: dt.date | None = None
    """When they did."""
    age_days: int | None = None
    """None where `written` is."""
    at_least: bool = False
    """Whether it may be older: the clone has no more of the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was found that nobody has decided on."""

    markers: tuple[Marker, ...]
    notes: tuple[str, ...]
    """What was not read and why, in sentences; why nothing could be scanned, where that is so."""


def fingerprint_of(path: str, word: str, text: str) -> str:
    """Identify a marker by where it stands and what it says, not by its line, which moves."""
    return hashlib.sha256("\0".join((path, word, " ".join(text.split()))).encode()).hexdigest()[:32]


def draft_of(marker: Marker) -> dict[str, object]:
    """Return the fields of the item that a marker becomes."""
    place = f"{marker.path}:{marker.line}"
    title = marker.text if len(marker.text) <= LONGEST_TITLE else f"{marker.text[: LONGEST_TITLE - 1].rstrip()}…"
    fields: dict[str, object] = {
        "title": title or f"{marker.word} in {place}",
        "instead": _tell(marker, place),
        "location": place,
    }
    if marker.owner:
        fields["owner"] = marker.owner
    if marker.until:
        fields["trigger"] = f"date >= {marker.until.isoformat()}"
    if marker.written:
        fields["created"] = marker.written
    return fields


def _tell(marker: Marker, place: str) -> str:
    by = f", last changed by {marker.author}" if marker.author else ""
    said = f": {marker.text}" if len(marker.text) > LONGEST_TITLE else ""
    hidden = f" What it says is not kept, since it looks like a credential ({marker.secret})." if marker.secret else ""
    return f"A {marker.word} comment in {place}{by}{said}.{hidden}"
