"""The fields of an item, as options of the commands that write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from lean_core.debt import BLOCKED, RISKS, SEVERITIES

_Command = TypeVar("_Command", bound=Callable[..., Any])


_OPTIONS = (
    click.option("--instead", metavar="TEXT", help="What was done instead of the right thing."),
    click.option("--area", metavar="TEXT", help="Of the system: serving, training data, ..."),
    click.option("--owner", metavar="NAME", help="Who answers for it."),
    click.option("--risk", type=click.Choice(RISKS), help="What kind of risk it is."),
    click.option("--severity", type=click.Choice(SEVERITIES), help="How bad it is."),
    click.option("--consequence", metavar="TEXT", help="What happens when it strikes."),
    click.option(
        "--blocks", type=click.Choice(BLOCKED), multiple=True, help="What it stands in the way of. Repeatable."
    ),
    click.option("--trigger", metavar="EXPR", help="When to repay it, over the facts: 'live_models >= 2'."),
    click.option("--watch", metavar="TEXT", help="When to repay it, in words: a person must watch it."),
    click.option("--control", metavar="TEXT", help="What limits it meanwhile."),
    click.option("--location", metavar="PLACE", help="A file, maybe with its line, or a URL."),
    click.option("--decision", metavar="PLACE", help="Where it was decided."),
    click.option("--ai-assisted/--not-ai-assisted", default=None, help="Whether an AI wrote the code."),
    click.option("--valuable-data/--no-valuable-data", default=None, help="Whether data whose loss hurts is in it."),
    click.option("--reviewer", metavar="NAME", help="Who, being senior, looked at it."),
    click.option("--effort-days", metavar="DAYS", help="How long it takes to repay."),
    click.option("--accepted-until", metavar="DATE", help="Until when it is accepted."),
    click.option("--reason", metavar="TEXT", help="Why it has its status."),
)


def field_options(command: _Command) -> _Command:
    """Add an option for each field that a person writes, but title and status."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def said_fields(said: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that the command line speaks of, with their values."""
    from lean_core.debt import FIELDS

    return {name: value for name, value in said.items() if name in FIELDS and value not in {None, ()}}
