"""`lean-mlops debt close`: say that a shortcut is over."""

from __future__ import annotations

import click

from lean_core.cli.debt.item import find_item
from lean_core.cli.debt.outcome import tell_outcome
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option


@click.command("close")
@click.argument("item_id", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="How it was repaid, or why it does not matter any more.")
@click.option("--dropped", is_flag=True, help="It was not repaid: it does not matter any more.")
@by_option
@json_option
@workspace_option
def command(*, item_id: str, reason: str, dropped: bool, by: str | None, as_json: bool) -> int:
    """Close the item ID as repaid, or as dropped. It stays in the log, with its history."""
    from lean_core.debt import Edit

    workbench = open_workbench()
    item = find_item(workbench, item_id)
    changes = {"status": "dropped" if dropped else "repaid", "reason": reason}
    edit = Edit(id=item.id, seen=item.revision, changes=changes)
    return tell_outcome(workbench.edit_debt([edit], actor=workbench.actor(by)), as_json=as_json)
