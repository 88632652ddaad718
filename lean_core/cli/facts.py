"""`lean-mlops facts`: everything that is known now, under the names that triggers can ask for."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lean_core.cli.evidence import age, describe_evidence, value_text
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.checkpoint import Fact

_LONGEST = 72
"""Characters of a cell: a fact's name is there to be copied."""


@click.command("facts")
@json_option
@workspace_option
def command(*, as_json: bool) -> None:
    """Print what is known now, each fact with its value, its age and its source, and why it is not known.

    A repayment trigger of the debt log asks for facts by these names.
    """
    look = open_workbench().look()
    facts = sorted(look.facts, key=lambda fact: fact.name)
    if as_json:
        write_json_list(_describe(fact) for fact in facts)
    else:
        _write(facts, look.at)
    for note in look.notes:
        say(f"note: {plain(note)}")


def _describe(fact: Fact) -> dict[str, object]:
    return {
        "name": fact.name,
        "value": fact.value,
        "meaning": fact.meaning,
        "unknown": fact.unknown or None,
        "evidence": None if fact.evidence is None else describe_evidence(fact.evidence),
    }


def _write(facts: Sequence[Fact], now: dt.datetime) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    head = ["fact", "value", "age", "source", "meaning"]
    write_table(head, [_row(fact, now) for fact in facts], width=width, longest=_LONGEST)
    for fact in facts:
        if fact.unknown:
            click.echo(f"unknown  {plain(fact.name)}: {plain(fact.unknown)}")


def _row(fact: Fact, now: dt.datetime) -> list[str]:
    if fact.evidence is None:
        return [fact.name, "unknown", "", "", fact.meaning]
    return [fact.name, value_text(fact.value), age(fact.evidence.observed_at, now), fact.evidence.source, fact.meaning]
