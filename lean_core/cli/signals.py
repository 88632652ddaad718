"""`lean-mlops signals`: read every signal now, judge it, and keep the reading."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.signals import Signal, State

FailOn = Literal["broken", "warn", "stale"]
_BLIND = frozenset({"stale", "unknown"})
_HEAD = ("signal", "state", "value", "threshold", "age", "model", "environment", "class", "owner")


@click.command("signals")
@click.option("--model", help="Only those of a model.")
@click.option("--only", "names", metavar="NAME", multiple=True, help="Only this one; may be given several times.")
@click.option("--last", is_flag=True, help="Show the last readings; ask nobody but the heartbeats.")
@click.option(
    "--fail-on",
    type=click.Choice(["broken", "stale", "warn"]),
    default="stale",
    show_default=True,
    help="What is not good enough: broken; or stale or unknown as well; or a warning too.",
)
@json_option
@workspace_option
def command(*, model: str | None, names: tuple[str, ...], last: bool, fail_on: str, as_json: bool) -> int:
    """Read every signal now, in parallel, and keep what was read: this is what a scheduler runs.

    Exit codes, as of a gate: 0 good enough, 1 something is broken, 4 something is stale or can't be read, or there is
    no signal at all. With --fail-on broken only what is known to be broken counts.
    """
    workbench = open_workbench()
    found = workbench.signals(model) if last else workbench.read_signals(model, names=names or None)
    signals = [each for each in found.signals if not names or each.name in names]
    if as_json:
        from lean_core.signals.export import describe_signal

        write_json_list(describe_signal(each, found.at) for each in signals)
    else:
        _write(signals, found.at)
    for note in found.notes:
        say(f"note: {plain(note)}")
    return decide([each.state for each in signals], fail_on=cast("FailOn", fail_on))


def decide(states: Sequence[State], *, fail_on: FailOn) -> ExitCode:
    """Return the exit code: what is known to be bad first, then what is not known."""
    bad: frozenset[State] = frozenset({"broken", "warn"} if fail_on == "warn" else {"broken"})
    if bad & set(states):
        return ExitCode.NO
    if fail_on != "broken" and (not states or _BLIND & set(states)):
        return ExitCode.UNKNOWN
    return ExitCode.DONE


def _write(signals: Sequence[Signal], now: dt.datetime) -> None:
    if not signals:
        say("no signal is declared yet: [signals.NAME] in lean.toml does, the page Signals has a block to paste")
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    write_table(_HEAD, [_row(each, now) for each in signals], width=width)
    for each in signals:
        if each.state != "ok":
            runbook = f" Runbook: {each.runbook}" if each.runbook and each.state == "broken" else ""
            say(f"note: {each.name} is {each.state}: {plain(each.status.sentence + runbook)}")


def _row(each: Signal, now: dt.datetime) -> list[str]:
    from lean_core.signals import say_age, say_value

    return [
        each.name,
        each.state,
        "" if each.value is None else say_value(each.value, each.unit),
        each.judged_by,
        "" if each.observed_at is None else say_age(now - each.observed_at),
        each.model or "",
        each.environment or "",
        each.class_,
        each.owner,
    ]
