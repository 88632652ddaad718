"""How a model and its checks stand, as icons with words: whether there is evidence, and whether it is good news.

The two are told apart, and never by colour alone.
"""

from __future__ import annotations

import datetime as dt

from lean_core.checkpoint.check import Check, Checkpoint, Name, News, Standing, Status
from lean_core.checkpoint.effect import Outcome
from lean_core.checkpoint.evidence import Kind

NAMES: dict[Name, str] = {
    "live": "Live version",
    "provenance": "Provenance",
    "deployment": "Deployment",
    "signal": "Signals",
    "debt": "Shortcuts",
}
"""What the five checks are called where there is no room for the question."""
_STATUS: dict[Status, tuple[str, str]] = {
    "answered": ("green", "check_circle"),
    "stale": ("orange", "history"),
    "contradicted": ("red", "error"),
    "missing": ("orange", "help"),
}
_NEWS: dict[News, tuple[str, str, str]] = {
    "good": ("green", "thumb_up", "good"),
    "bad": ("red", "thumb_down", "bad"),
    "unknown": ("gray", "question_mark", "unknown"),
}
_STANDING: dict[Standing, tuple[str, str, str]] = {
    "ready": ("green", "verified", "Ready"),
    "claimed": ("blue", "front_hand", "Ready on somebody's word"),
    "in doubt": ("orange", "help", "In doubt"),
    "bad news": ("red", "thumb_down", "Bad news"),
    "not ready": ("red", "block", "Not ready"),
}
_OUTCOME: dict[Outcome, tuple[str, str]] = {
    "better": ("green", "trending_up"),
    "worse": ("red", "trending_down"),
    "same": ("gray", "trending_flat"),
    "unknown": ("gray", "question_mark"),
}
_KINDS: dict[Kind, tuple[str, str]] = {
    "observed": ("blue", "sensors"),
    "derived": ("gray", "description"),
    "attested": ("violet", "front_hand"),
}
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def status(check: Check) -> str:
    """Say whether a check has evidence."""
    colour, icon = _STATUS[check.status]
    return f":{colour}[:material/{icon}: {check.status}]"


def news(check: Check) -> str:
    """Say whether a check's answer is good news."""
    colour, icon, word = _NEWS[check.news]
    return f":{colour}[:material/{icon}: {word}]"


def status_badge(check: Check) -> str:
    """Say whether a check has evidence, as a badge."""
    colour, icon = _STATUS[check.status]
    return f":{colour}-badge[:material/{icon}: {check.status}]"


def news_badge(check: Check) -> str:
    """Say whether a check's answer is good news, as a badge."""
    colour, icon, word = _NEWS[check.news]
    said = "news not known" if check.news == "unknown" else f"{word} news"
    return f":{colour}-badge[:material/{icon}: {said}]"


def standing(checkpoint: Checkpoint) -> str:
    """Say how a model stands, as a badge."""
    colour, icon, word = _STANDING[checkpoint.standing]
    return f":{colour}-badge[:material/{icon}: {word}]"


def standing_word(checkpoint: Checkpoint) -> str:
    """Say how a model stands, in a table."""
    return _STANDING[checkpoint.standing][2]


def outcome(found: Outcome) -> str:
    """Say what a release did to the metric, as a badge."""
    colour, icon = _OUTCOME[found]
    return f":{colour}-badge[:material/{icon}: {found}]"


def kind(found: Kind) -> str:
    """Say what kind of evidence it is, as a badge."""
    colour, icon = _KINDS[found]
    return f":{colour}-badge[:material/{icon}: {found}]"


def short_age(then: dt.datetime | None, now: dt.datetime) -> str:
    """Say how old something is in a few characters: ``5 min``, ``16 h``, ``3 d``."""
    if then is None:
        return "never"
    seconds = (now - then).total_seconds()
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "now"
