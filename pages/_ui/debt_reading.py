"""What the page *Debt log* rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages._ui import checkpoint_look
from pages._ui.workbench import reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lean_core.checkpoint import Fact
    from lean_core.debt import Change, Item, Review
    from lean_core.debt.trigger import TriggerState
    from lean_core.workbench import Workbench


@reader
def read_items(workbench: Workbench) -> list[Item]:
    """Return every item, what hurts most first."""
    return workbench.debt_items()


@reader
def read_item(workbench: Workbench, name: str) -> Item | None:
    """Return an item."""
    return workbench.debt_item(name)


@reader
def read_history(workbench: Workbench, name: str) -> list[Change]:
    """Return what was done to an item, newest first."""
    return workbench.debt_history(name)


@reader
def read_review(workbench: Workbench) -> Review | None:
    """Return the newest review of the log."""
    return workbench.debt_review()


@reader
def read_trigger_history(workbench: Workbench, name: str) -> list[TriggerState]:
    """Return how the state of an item's trigger changed, newest first."""
    return workbench.trigger_history(name)


def read_triggers(workbench: Workbench) -> Mapping[str, TriggerState]:
    """Return the state of each trigger, by item, as of a minute ago at most."""
    return {state.item: state for state in checkpoint_look.read_look(workbench).triggers}


def read_facts(workbench: Workbench) -> tuple[Fact, ...]:
    """Return what is known, as of a minute ago at most."""
    return checkpoint_look.read_look(workbench).facts


def forget() -> None:
    """Let the next run look anew: what was written may fire a trigger, or answer a check."""
    checkpoint_look.read_look.clear()
