"""`lean-mlops debt show`: all that the log says of a shortcut, and how it came to say so."""

from __future__ import annotations

import click

from lean_core.cli.debt.describe import describe_change, describe_item, describe_state, item_lines
from lean_core.cli.debt.item import find_item
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, write_json


@click.command("show")
@click.argument("item_id", metavar="ID")
@json_option
@workspace_option
def command(*, item_id: str, as_json: bool) -> None:
    """Show the item ID: its fields, what is missing, how its trigger went, and its history.

    The trigger is shown as it was found last; `lean-mlops debt triggers` looks anew. The number before a change is what
    `lean-mlops debt revert` takes.
    """
    workbench = open_workbench()
    item = find_item(workbench, item_id)
    history, states = workbench.debt_history(item.id), workbench.trigger_history(item.id)
    if as_json:
        told = {"history": list(map(describe_change, history)), "trigger_history": list(map(describe_state, states))}
        write_json(describe_item(item) | told)
        return
    for line in item_lines(item):
        click.echo(line)
    if states:
        click.echo("trigger")
    for state in states:
        click.echo(f"  {state.since:%Y-%m-%d %H:%M}  {plain(f'{state.state}: {state.sentence}')}")
    click.echo("history")
    for change in history:
        click.echo(f"  {change.entry:>6}  {change.at:%Y-%m-%d %H:%M}  {plain(change.sentence)}")
