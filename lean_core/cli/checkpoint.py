"""`lean-mlops checkpoint`: five questions about what is live, answered from evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.checkpoint_report import Found, describe_found, found_lines
from lean_core.cli.checkpoint_summary import render_checkpoints
from lean_core.cli.exits import ExitCode
from lean_core.cli.github import append_summary
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint
    from lean_core.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    model: str | None
    written: str | None
    asks: bool
    verbose: bool
    as_json: bool


@click.command("checkpoint")
@click.argument("model", required=False)
@click.option("--at", "written", metavar="DATE", help="What was known then: 2026-03-03, '3 March', yesterday (UTC).")
@click.option("--no-probe", "asks", flag_value=False, default=True, help="Don't ask the running systems.")
@click.option("--verbose", is_flag=True, help="Show what each answer rests on.")
@json_option
@workspace_option
def command(**said: Any) -> int:  # noqa: ANN401 - click's values, which the class above names
    """Answer the five questions of every model, or of MODEL: what is live, what made it, how, which signal, which debt.

    Exit codes: 0 all five are answered and no news is bad, 1 bad news or a contradiction, 3 the registry can't be
    reached, 4 evidence is missing or stale. Of several models the worst decides.
    """
    given = _Said(**said)
    workbench = open_workbench()
    found = _look_back(workbench, given.written) if given.written else _look(workbench, asks=given.asks)
    found = _only(found, given.model)
    if given.as_json:
        write_json(describe_found(found))
    else:
        for line in found_lines(found, verbose=given.verbose):
            click.echo(line)
    for note in found.notes:
        say(f"note: {plain(note)}")
    if not found.checkpoints and not found.notes:
        say(_nothing(given))
    append_summary(lambda most: render_checkpoints(found.checkpoints, found.notes, most=most))
    return decide(found.checkpoints, could_read=not found.notes)


def decide(checkpoints: Sequence[Checkpoint], *, could_read: bool) -> ExitCode:
    """Return the exit code: what is known to be bad first, then what is not known."""
    checks = [check for checkpoint in checkpoints for check in checkpoint.checks]
    if any(check.status == "contradicted" or check.news == "bad" for check in checks):
        return ExitCode.NO
    if any(check.status != "answered" for check in checks):
        return ExitCode.UNKNOWN
    if not could_read:
        return ExitCode.COULD_NOT
    return ExitCode.DONE if checks else ExitCode.UNKNOWN


def _look(workbench: Workbench, *, asks: bool) -> Found:
    look = workbench.look(ask=asks)
    return Found(at=look.at, checkpoints=look.checkpoints, ml_tests=look.ml_tests, notes=look.notes)


def _look_back(workbench: Workbench, written: str) -> Found:
    """Return what had been found by the end of what was meant."""
    from lean_core import clock
    from lean_core.releases import read_span

    now = clock.now()
    span = read_span(written, now=now)
    last = span.end - dt.timedelta(microseconds=1) if span.end > span.start else span.start
    moment = min(last, now)
    return Found(at=moment, is_past=True, checkpoints=workbench.checkpoints_at(moment))


def _only(found: Found, model: str | None) -> Found:
    """Leave one model.

    Raises:
        NotInRegistry: the registry has none of that name.
    """
    if model is None:
        return found
    from lean_core.errors import NotInRegistry

    ours = [each for each in found.checkpoints if each.model == model]
    if not ours and found.checkpoints and not (found.is_past or found.notes):
        known = ", ".join(each.model for each in found.checkpoints)
        raise NotInRegistry(f"nothing is known of a model {model[:80]!r}; there are: {known}")
    scores = [each for each in found.ml_tests if each.model == model]
    return replace(found, checkpoints=ours, ml_tests=scores)


def _nothing(given: _Said) -> str:
    if given.written:
        what = f"of {plain(given.model)} " if given.model else ""
        return (
            f"nothing {what}was recorded by {plain(given.written)}: each `lean-mlops checkpoint` records what it finds"
        )
    return "there is no model yet: `lean-mlops register` makes one, `lean-mlops demo` shows what it looks like"
