"""What the commands about releases have in common."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.output import plain, say, write_json

if TYPE_CHECKING:
    from lean_core.registry import Deployment, Event, Record
    from lean_core.releases import NoWayBack, Order, Preflight
    from lean_core.releases.difference import Difference
    from lean_core.workbench import Workbench

by_option = click.option("--by", metavar="NAME", help="Who does it; else git's user, else the account.")
how_option = click.option("--how", metavar="TEXT", help="By which command or run of the CI; else what --run names.")
run_option = click.option("--run", metavar="CMD", help="Run this command, and record what came of it.")
note_option = click.option("--note", metavar="TEXT", help="Anything that the trail should say of it.")


def carry_out(workbench: Workbench, order: Order, record: Record | None, command: str | None) -> Deployment:
    """Deploy; a command runs where the person is and writes to stderr.

    When we are asked to end (Ctrl-C, or the CI's SIGTERM), the command is ended first, and what came of it recorded.
    """
    from lean_core.releases import Shell

    if command is None:
        return workbench.carry_out(order, record, None)
    shell = Shell(command=command, folder=Path.cwd(), environ=os.environ, tell=_pass_on)
    with _asked_to_end(shell.stop):
        return workbench.carry_out(order, record, shell)


def tell_outcome(deployment: Deployment, *, live: str | None) -> int:
    """Tell what came of a deployment, and return the exit code."""
    if deployment.outcome == "succeeded":
        return ExitCode.DONE
    where, code = deployment.environment, deployment.exit_code
    ended = "was stopped" if code is None else f"ended with code {code}"
    declared = f"{live} is still declared live in {where}" if live else f"nothing is declared live in {where}"
    say(f"the command {ended}, which is recorded; {declared}: check what really runs there")
    return ExitCode.NO


def refuse_rollback(reason: NoWayBack, *, as_json: bool) -> int:
    """Say why there is no way back, and return the exit code."""
    say(f"refused: {plain(reason.sentence)}")
    if as_json:
        write_json({"outcome": "refused", "refused": reason.sentence})
    return ExitCode.NO


def say_how(how: str | None, command: str | None) -> str | None:
    """Return by what it is deployed, as far as the command itself does not say it: without secrets."""
    from lean_core.releases import mask

    found = how or (None if command else _ci_url(os.environ))
    return mask(found, os.environ) if found else None


def _ci_url(environ: Mapping[str, str]) -> str | None:
    """Return the address of the CI's run that we are in."""
    if environ.get("GITHUB_RUN_ID") and environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environ['GITHUB_REPOSITORY']}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return environ.get("CI_JOB_URL") or None  # GitLab's


def describe_event(event: Event) -> dict[str, Any]:
    """Return an event for JSON, as its file has it, with its sentence."""
    import json

    from lean_core.registry import render_event
    from lean_core.releases import tell

    return {**json.loads(render_event(event)), "sentence": tell(event)}


def describe_preflight(preflight: Preflight) -> list[dict[str, str]]:
    """Return a pre-flight for JSON."""
    return [{"name": each.name, "verdict": each.verdict, "sentence": each.sentence} for each in preflight.checks]


def preflight_lines(preflight: Preflight) -> Iterator[str]:
    """Yield a pre-flight for a person."""
    for check in preflight.checks:
        yield f"{check.verdict:<8} {plain(check.sentence)}"
    for note in preflight.notes:
        yield f"{'note':<8} {plain(note)}"


def difference_lines(difference: Difference, *, statuses: Iterable[str]) -> Iterator[str]:
    """Yield the items of a difference for a person."""
    wanted = set(statuses)
    for item in difference.items:
        if item.status in wanted:
            yield f"{item.status:<8} {item.name}: {plain(item.sentence)}"


def _pass_on(piece: bytes) -> None:
    sys.stderr.flush()
    sys.stderr.buffer.write(piece)
    sys.stderr.buffer.flush()


@contextlib.contextmanager
def _asked_to_end(stop: threading.Event) -> Iterator[None]:
    """Set an event, in place of breaking off, when a signal asks us to end."""

    def note(_: int, __: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
