"""`lean-mlops debt`: the log of shortcuts."""

from __future__ import annotations

import click

from lean_core.cli.group import LazyGroup
from lean_core.cli.options import workspace_option

COMMANDS = (
    "list",
    "add",
    "show",
    "edit",
    "close",
    "review",
    "triggers",
    "snooze",
    "revert",
    "scan",
    "import",
    "export",
)


class _Commands(LazyGroup):
    package = "lean_core.cli.debt"
    names = COMMANDS


@click.group("debt", cls=_Commands)
@workspace_option
def command() -> None:
    """Keep the log of shortcuts: each with an owner, a risk, and a trigger that says when to repay it."""
