"""What the pages *Readiness* and *Checkpoint* rest on: a look at everything, kept for a minute."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lean_core.errors import ObjectsError, UsageError
from pages._ui import boundary, release_reading, text
from pages._ui.workbench import keep, read_directions, reader

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint, Claim, Look, Score
    from lean_core.checkpoint.effect import Effect
    from lean_core.debt import Item
    from lean_core.registry import Waiver
    from lean_core.releases import KnownTrail
    from lean_core.runs import Direction
    from lean_core.workbench import Workbench


_KEPT = 60
"""Seconds."""


# By the edition that the registry's readers have, not the store's version: a look itself writes to the store.
@keep(
    "Looking at the registry, the repository and the running systems…",
    seconds=_KEPT,
    entries=8,
    edition=release_reading.edition,
)
def read_look(workbench: Workbench) -> Look:
    """Return what a look at everything found: now, or a minute ago at most."""
    return workbench.look()


def draw_notes(look: Look) -> None:
    """Draw what could not be read, or not be recorded."""
    for note in look.notes:
        boundary.show("warning", text.plain(note))


def read_trail(workbench: Workbench, model: str) -> KnownTrail | None:
    """Return what happened to the versions of a model; None: the registry has no such model."""
    trails, _ = release_reading.read_trails(workbench)
    return next((trail for trail in trails if trail.model == model), None)


def read_effect(workbench: Workbench, model: str) -> Effect | None:
    """Return the releases of a model, and what the last one did to its metric; None: the registry can't be read."""
    try:
        return _read_effect(workbench, model, read_directions(workbench))
    except (ObjectsError, UsageError):  # a note of the look says so
        return None


@keep("Reading the releases…", seconds=_KEPT, entries=64, edition=release_reading.edition)
def _read_effect(workbench: Workbench, model: str, directions: dict[str, Direction]) -> Effect:
    from lean_core.checkpoint.effect import choose_yardstick, tell_effect
    from lean_core.releases import find_intervals

    trail = read_trail(workbench, model)
    intervals = find_intervals(trail, workbench.checked_environment) if trail else ()
    metrics = {each.version: each.metrics for each in release_reading.read_versions(workbench, model)}
    judged = workbench.judged_metrics(model)
    yardstick = choose_yardstick(intervals, metrics, judged=judged, directions=directions)
    return tell_effect(intervals, metrics, yardstick)


def read_waivers(workbench: Workbench) -> list[Waiver] | None:
    """Return the waivers that are in force; None: the registry can't be read."""
    try:
        trails, _ = release_reading.read_trails(workbench)
    except (ObjectsError, UsageError):
        return None
    return workbench.waivers(trails)


@reader
def read_claims(workbench: Workbench) -> list[Claim]:
    """Return what people claim, by subject."""
    return workbench.claims()


@reader
def read_trend(workbench: Workbench, model: str) -> list[Score]:
    """Return how a model's score went, oldest first."""
    return workbench.trend(model)


@reader
def read_checkpoints_at(workbench: Workbench, moment: dt.datetime) -> list[Checkpoint]:
    """Return what was known of each model at a moment."""
    return workbench.checkpoints_at(moment)


@reader
def read_debt_items(workbench: Workbench) -> list[Item]:
    """Return the debt log."""
    return workbench.debt_items()


def forget() -> None:
    """Let the next run of a page look again."""
    for kept in (read_look, _read_effect):
        kept.clear()
    release_reading.forget()
