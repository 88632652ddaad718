"""`lean-mlops debt revert`: take back one change of a shortcut."""

from __future__ import annotations

import click

from lean_core.cli.debt.item import find_item
from lean_core.cli.debt.outcome import tell_outcome
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option


@click.command("revert")
@click.argument("item_id", metavar="ID")
@click.argument("entry", type=int)
@by_option
@json_option
@workspace_option
def command(*, item_id: str, entry: int, by: str | None, as_json: bool) -> int:
    """Take back the change ENTRY of the item ID, as `lean-mlops debt show` numbers it; that is a change of its own.

    Where one of its fields was changed again since, both values are shown, nothing is saved, and the exit code is 1.
    """
    workbench = open_workbench()
    item = find_item(workbench, item_id)
    return tell_outcome(workbench.revert_debt(item.id, entry, actor=workbench.actor(by)), as_json=as_json)
