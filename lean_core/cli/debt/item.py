"""Which item of the log is meant, and what its trigger says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.cli.output import plain, say
from lean_core.errors import UsageError

if TYPE_CHECKING:
    from lean_core.debt import Item
    from lean_core.workbench import Workbench


def find_item(workbench: Workbench, named: str) -> Item:
    """Return an item by its id; upper and lower case are the same.

    Raises:
        UsageError: there is none.
    """
    item = workbench.debt_item(named)
    if item is None:
        raise UsageError(f"there is no item {named[:80]!r} in the debt log: `lean-mlops debt list --all` has them")
    return item


def tell_trigger(workbench: Workbench, item: Item) -> None:
    """Say what a trigger that was just written says now: whoever mistyped a fact's name learns it at once."""
    if not item.trigger or item.ended:
        return
    for state in workbench.look().triggers:
        if state.item == item.id:
            say(plain(f"trigger: {state.state}: {state.sentence}"))
