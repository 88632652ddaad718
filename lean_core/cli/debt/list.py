"""`lean-mlops debt list`: the shortcuts, what hurts most first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.debt.describe import describe_item
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list, write_table
from lean_core.debt import BLOCKED, RISKS, SEVERITIES, STATUSES

if TYPE_CHECKING:
    from lean_core.debt import Item
    from lean_core.debt.trigger import TriggerState

_LONGEST = 60
"""Characters of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says; nothing where it does not matter."""

    owner: tuple[str, ...]
    status: tuple[str, ...]
    risk: tuple[str, ...]
    severity: tuple[str, ...]
    blocks: tuple[str, ...]
    everything: bool
    fired: bool
    as_json: bool


@click.command("list")
@click.option("--owner", metavar="NAME", multiple=True, help="Whose; an empty name: nobody's. Repeatable, as the next.")
@click.option("--status", type=click.Choice(STATUSES), multiple=True, help="Else all that are not over.")
@click.option("--risk", type=click.Choice(RISKS), multiple=True, help="What kind of risk.")
@click.option("--severity", type=click.Choice(SEVERITIES), multiple=True, help="How bad.")
@click.option("--blocks", type=click.Choice(BLOCKED), multiple=True, help="What it stands in the way of.")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@click.option("--fired", is_flag=True, help="Only those whose trigger has fired, after a look at everything.")
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the class above names
    """List the shortcuts: security holes and data leaks first, then by severity, kind of risk and age."""
    given = _Said(**said)
    workbench = open_workbench()
    look = workbench.look() if given.fired else None
    states = {state.item: state for state in look.triggers} if look else {}
    items = workbench.debt_items()
    chosen = [item for item in items if _matches(item, given, states)]
    if given.as_json:
        write_json_list(describe_item(item) for item in chosen)
    elif chosen:
        _write(chosen)
    for item in chosen if given.fired else ():
        say(plain(f"fired: {item.id}: {states[item.id].sentence}"))
    _tell_rest(items, chosen, given)
    for note in look.notes if look else ():
        say(f"note: {plain(note)}")


def _matches(item: Item, given: _Said, states: Mapping[str, TriggerState]) -> bool:
    is_wanted = item.status in given.status if given.status else given.everything or not item.ended
    return (
        is_wanted
        and (not given.owner or item.owner in given.owner)
        and (not given.risk or item.risk in given.risk)
        and (not given.severity or item.severity in given.severity)
        and (not given.blocks or not set(given.blocks).isdisjoint(item.blocks))
        and (not given.fired or (item.id in states and states[item.id].state == "fired"))
    )


def _write(items: Sequence[Item]) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    head = ["id", "severity", "risk", "status", "owner", "title", "blocks", "repay when"]
    write_table(head, [_row(item) for item in items], width=width, longest=_LONGEST)


def _row(item: Item) -> list[str]:
    return [
        item.id,
        item.severity or "unknown",
        item.risk or "unknown",
        item.status,
        item.owner or "nobody",
        item.title,
        ", ".join(item.blocks),
        item.trigger or item.watch or "nothing says",
    ]


def _tell_rest(items: Iterable[Item], chosen: Sequence[Item], given: _Said) -> None:
    total = sum(1 for _ in items)
    if not total:
        say("the log is empty; `lean-mlops debt add TITLE` adds to it, `lean-mlops debt scan` looks through the code")
    elif not chosen:
        say(f"none of {total} shortcuts {'has fired' if given.fired else 'matches'}")
    elif len(chosen) < total:
        say(f"{len(chosen)} of {total} shortcuts; --all shows those that are over, too")
