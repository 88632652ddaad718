"""`lean-mlops debt triggers`: which shortcuts say that their time has come."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lean_core.cli.debt.describe import describe_state
from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.debt.trigger import TriggerState

_LONGEST = 60
"""Characters of a cell."""


@click.command("triggers")
@click.option(
    "--fail-on",
    type=click.Choice(["fired", "unknown"]),
    multiple=True,
    help="Exit with 1 where one has fired, with 4 where one can't be evaluated. Repeatable.",
)
@json_option
@workspace_option
def command(*, fail_on: tuple[str, ...], as_json: bool) -> int:
    """Look at everything, evaluate the repayment triggers, and say what each rests on.

    A snoozed one does not count, and is told all the same. Exit codes: 0 told, and with --fail-on 1 and 4.
    """
    look = open_workbench().look()
    if as_json:
        write_json_list(describe_state(state) for state in look.triggers)
    elif look.triggers:
        _write(look.triggers)
    else:
        say("no shortcut has a trigger; `lean-mlops debt edit ID --trigger EXPR` gives it one")
    for note in look.notes:
        say(f"note: {plain(note)}")
    found = {state.state for state in look.triggers}
    if "fired" in fail_on and "fired" in found:
        return ExitCode.NO
    if "unknown" in fail_on and "cannot evaluate" in found:
        return ExitCode.UNKNOWN
    return ExitCode.DONE


def _write(states: Sequence[TriggerState]) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    head = ["item", "state", "since (UTC)", "trigger"]
    write_table(head, [_row(state) for state in states], width=width, longest=_LONGEST)
    for state in states:
        if state.state != "armed":
            click.echo(plain(f"{state.state:<15}  {state.item}: {_tell(state)}"))


def _row(state: TriggerState) -> list[str]:
    return [state.item, state.state, f"{state.since:%Y-%m-%d %H:%M}", state.expression]


def _tell(state: TriggerState) -> str:
    if state.snoozed_until is None:
        return state.sentence
    until = f"until {state.snoozed_until:%Y-%m-%d %H:%M} UTC by {state.snoozed_by} ({state.reason})"
    return f"{until}: {state.sentence}"
