"""Tell what came of a change: it was saved, or somebody else was faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lean_core.cli.debt.describe import describe_item, value_lines
from lean_core.cli.exits import ExitCode
from lean_core.cli.output import plain, say, write_json

if TYPE_CHECKING:
    from lean_core.debt import Conflict, Outcome


def tell_outcome(outcome: Outcome, *, as_json: bool) -> ExitCode:
    """Tell what was saved, or on which fields somebody else was faster, and return the exit code."""
    if as_json:
        saved, conflicts = map(describe_item, outcome.saved), map(describe_conflict, outcome.conflicts)
        write_json({"saved": list(saved), "conflicts": list(conflicts)})
    for conflict in outcome.conflicts:
        tell_conflict(conflict)
    if outcome.conflicts:
        say("nothing was saved; `lean-mlops debt show ID` has the item as it is now, then give the same command again")
        return ExitCode.NO
    if not outcome.saved:
        say("nothing changed: the log says so already")
    for item in () if as_json else outcome.saved:
        click.echo(plain(f"{item.id} is saved, revision {item.revision}: {item.title}"))
    return ExitCode.DONE


def tell_conflict(conflict: Conflict) -> None:
    """Say who was faster, and both values."""
    what = f"the {conflict.field.replace('_', ' ')} of {conflict.id}"
    say(plain(f"conflict: {conflict.by} changed {what} on {conflict.at:%Y-%m-%d %H:%M} UTC"))
    for whose, value in (("theirs", conflict.theirs), ("yours", conflict.mine)):
        say(plain(f"  {whose}: {'; '.join(value_lines(value))}"))


def describe_conflict(conflict: Conflict) -> dict[str, object]:
    """Return a conflict for JSON."""
    return {
        "id": conflict.id,
        "field": conflict.field,
        "mine": conflict.mine,
        "theirs": conflict.theirs,
        "by": conflict.by,
        "at": conflict.at,
    }
