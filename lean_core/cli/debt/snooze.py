"""`lean-mlops debt snooze`: leave a trigger alone for a while."""

from __future__ import annotations

import click

from lean_core.cli.debt.item import find_item
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, write_json


@click.command("snooze")
@click.argument("item_id", metavar="ID")
@click.option("--until", metavar="TIME", help="A date (its first moment, UTC) or a duration such as 14d.")
@click.option("--reason", metavar="TEXT", help="Why it may wait.")
@click.option("--end", is_flag=True, help="Let it speak again.")
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *, item_id: str, until: str | None, reason: str | None, end: bool, by: str | None, as_json: bool
) -> None:
    """Leave the trigger of the item ID alone, which has fired or can't be evaluated, until a date and for a reason.

    It is shown as snoozed, and speaks again when the time is over, when it says something else, and when it fires anew.
    """
    from lean_core import clock
    from lean_core.releases.statements import read_until

    if end == (until is not None and reason is not None) or (end and (until or reason)):
        raise click.UsageError("name --until TIME and --reason TEXT, or --end and neither")
    workbench = open_workbench()
    item, actor = find_item(workbench, item_id), workbench.actor(by)
    if until is None or reason is None:
        workbench.end_snooze(item.id, actor=actor)
        ends, told = None, f"{item.id} speaks again: {item.trigger}"
    else:
        ends = read_until(until, now=clock.now())
        workbench.snooze_trigger(item.id, until=ends, reason=reason, actor=actor)
        told = f"{item.id} is snoozed until {ends:%Y-%m-%d %H:%M} UTC by {actor}: {reason}"
    if as_json:
        write_json({"item": item.id, "trigger": item.trigger, "snoozed_until": ends, "by": actor, "reason": reason})
    else:
        click.echo(plain(told))
