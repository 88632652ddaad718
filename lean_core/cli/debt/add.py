"""`lean-mlops debt add`: log a shortcut."""

from __future__ import annotations

from typing import Any

import click

from lean_core.cli.debt.describe import describe_item
from lean_core.cli.debt.fields import field_options, said_fields
from lean_core.cli.debt.item import tell_trigger
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json


@click.command("add")
@click.argument("title")
@field_options
@by_option
@json_option
@workspace_option
def command(*, by: str | None, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - a field each
    """Log a shortcut under TITLE; what nobody knows yet is left out, and shown as missing.

    Text that looks like a credential is refused, and nothing of it is kept.
    """
    from lean_core import clock
    from lean_core.debt import find_gaps

    workbench = open_workbench()
    item = workbench.add_debt(said_fields(said), actor=workbench.actor(by))
    if as_json:
        write_json(describe_item(item))
    else:
        click.echo(plain(f"{item.id}: {item.title}"))
    for gap in find_gaps(item, today=clock.now().date()):
        say(plain(f"missing: {gap.sentence}"))
    tell_trigger(workbench, item)
