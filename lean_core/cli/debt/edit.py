"""`lean-mlops debt edit`: change what the log says of a shortcut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.debt.fields import field_options, said_fields
from lean_core.cli.debt.item import find_item, tell_trigger
from lean_core.cli.debt.outcome import tell_outcome
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.debt import STATUSES

if TYPE_CHECKING:
    from lean_core.debt import Item


@click.command("edit")
@click.argument("item_id", metavar="ID")
@click.option("--title", metavar="TEXT", help="What it is called.")
@click.option("--status", type=click.Choice(STATUSES), help="Where it stands; accepted needs --accepted-until.")
@field_options
@click.option("--clear", metavar="FIELD", multiple=True, help="Say nothing of a field any more. Repeatable.")
@click.option("--seen", metavar="REVISION", type=int, help="The revision that you saw; else the one of now.")
@by_option
@json_option
@workspace_option
def command(
    *,
    item_id: str,
    clear: tuple[str, ...],
    seen: int | None,
    by: str | None,
    as_json: bool,
    **said: Any,  # noqa: ANN401 - a field each
) -> int:
    """Change the fields of the item ID that are named; the others stay.

    With --seen, a field that somebody else changed since is not overwritten: both values are shown, nothing is saved,
    and the exit code is 1. Changes of other fields go together.
    """
    from lean_core.debt import Edit
    from lean_core.debt.fields import DEFAULTS

    workbench = open_workbench()
    item = find_item(workbench, item_id)
    changes = said_fields(said) | {_field(name): DEFAULTS.get(_field(name), "") for name in clear}
    if not changes:
        raise click.UsageError(_ask(item))
    edit = Edit(id=item.id, seen=item.revision if seen is None else seen, changes=changes)
    outcome = workbench.edit_debt([edit], actor=workbench.actor(by))
    code = tell_outcome(outcome, as_json=as_json)
    for saved in outcome.saved if "trigger" in changes else ():
        tell_trigger(workbench, saved)
    return code


def _field(written: str) -> str:
    """Read a field's name as its option is written."""
    from lean_core.debt import FIELDS

    name = written.strip().removeprefix("--").replace("-", "_")
    if name not in FIELDS:
        raise click.UsageError(f"--clear takes the name of a field: {', '.join(FIELDS)}")
    return name


def _ask(item: Item) -> str:
    """Say what could be changed: what is missing first of all."""
    from lean_core import clock
    from lean_core.debt import find_gaps

    gaps = find_gaps(item, today=clock.now().date())
    lacks = " ".join(f"{gap.sentence} (--{gap.field.replace('_', '-')})" for gap in gaps)
    return f"name what changes of {item.id}, such as --owner NAME. {lacks}".strip()
