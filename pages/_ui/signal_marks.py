"""How signals stand, as a word with a sign: never by colour alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from lean_core.signals import WORST_FIRST, Class, Signal, State, say_age, say_value
from lean_core.signals.reading import Verdict
from pages._ui import text

CLASSES: dict[Class, str] = {
    "errors": "Errors",
    "latency": "Latency",
    "stale_job": "Stale jobs",
    "missing_inputs": "Missing inputs",
    "prediction_drift": "Prediction drift",
    "data_quality": "Data quality",
    "business": "Business",
}
WORDS: dict[State, str] = {
    "broken": "broken",
    "stale": "stale",
    "unknown": "unknown",
    "warn": "warning",
    "paused": "paused",
    "ok": "ok",
}
_SIGNS: dict[State, str] = {"broken": "✗", "stale": "◷", "unknown": "?", "warn": "!", "paused": "‖", "ok": "✓"}
_BADGES: dict[State, tuple[str, str]] = {
    "broken": ("red", "error"),
    "stale": ("orange", "history"),
    "unknown": ("orange", "help"),
    "warn": ("orange", "warning"),
    "paused": ("gray", "pause_circle"),
    "ok": ("green", "check_circle"),
}


def word(state: State) -> str:
    """Return a state as text: a sign and a word."""
    return f"{_SIGNS[state]} {WORDS[state]}"


def badge(state: State) -> str:
    """Return a state as a badge."""
    colour, icon = _BADGES[state]
    return f":{colour}-badge[:material/{icon}: {WORDS[state]}]"


def of_verdict(verdict: Verdict) -> State:
    """Return the state that a single reading stands for."""
    return verdict


def value(signal: Signal) -> str:
    """Return the last number as text; of a job it is how long ago it succeeded."""
    if signal.value is None:
        return ""
    return (
        say_age(dt.timedelta(hours=signal.value))
        if signal.kind == "heartbeat"
        else say_value(signal.value, signal.unit)
    )


def age(signal: Signal, now: dt.datetime) -> str:
    """Return how old the last number is; the silence of a job is heard now."""
    if signal.observed_at is None:
        return ""
    return "now" if signal.kind == "heartbeat" else say_age(now - signal.observed_at)


def sentence(said: str) -> str:
    """Return a sentence as Markdown; what stands between backticks in it is a command or a name."""
    parts = said.split("`")
    if len(parts) % 2 == 0:
        return text.plain(said)
    drawn = [text.code(part) if at % 2 else _plain(part) for at, part in enumerate(parts)]
    return "".join(drawn)


def _plain(part: str) -> str:
    # The spaces at its ends part it from what stands beside it.
    before, after = " " * part[:1].isspace(), " " * part[-1:].isspace()
    return f"{before}{text.plain(part)}{after}" if part.strip() else " " * bool(part)


def link(label: str, url: str) -> str:
    """Return Markdown of a link to an address of lean.toml, which can't end the link and begin something else."""
    address = url.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
    return f"[{label}](<{address}>)"


def summarize(signals: Sequence[Signal]) -> str:
    """Say how many signals there are, and how many of them are not well."""
    counts = Counter(each.state for each in signals)
    unwell = [f"**{counts[state]} {WORDS[state]}**" for state in WORST_FIRST if counts[state] and state != "ok"]
    if not unwell:
        return f"**{'It is' if len(signals) == 1 else 'All'} ok**: {text.count(len(signals), 'signal')}"
    return f"{', '.join(unwell)} of {text.count(len(signals), 'signal')}"
