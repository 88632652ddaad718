"""The list of all jobs, for `lean-mlops beat` without a job."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from typing import TYPE_CHECKING

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import open_workbench
from lean_core.cli.output import plain, say, write_json_list, write_table

if TYPE_CHECKING:
    from lean_core.signals.heartbeats import Heartbeat

_HEAD = ("job", "state", "last beat (UTC)", "due by (UTC)", "model", "environment", "owner")


def list_jobs(*, as_json: bool) -> int:
    """Print the heartbeats of all jobs, and return 1 where one does not do what it should."""
    heartbeats = open_workbench().heartbeats()
    if as_json:
        write_json_list(_describe(each) for each in heartbeats)
    else:
        _write(heartbeats)
    return ExitCode.NO if any(each.is_alarming for each in heartbeats) else ExitCode.DONE


def _write(heartbeats: list[Heartbeat]) -> None:
    if not heartbeats:
        say("no job has a heartbeat yet; `lean-mlops beat JOB --every 1d` at its end gives it one")
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    write_table(_HEAD, [_row(each) for each in heartbeats], width=width)
    for each in heartbeats:
        if each.state != "up":
            runbook = f" Runbook: {each.runbook}" if each.runbook and each.is_alarming else ""
            say(f"note: {each.job} is {each.state}: {plain(each.sentence + runbook)}")
        for note in each.notes:
            say(f"note: {each.job}: {plain(note)}")


def _row(each: Heartbeat) -> list[str]:
    return [
        each.job,
        each.state,
        _minute(each.last_at),
        _minute(each.due),
        each.model or "",
        each.environment or "",
        each.owner or "",
    ]


def _minute(time: dt.datetime | None) -> str:
    return "" if time is None else f"{time:%Y-%m-%d %H:%M}"


def _describe(each: Heartbeat) -> dict[str, object]:
    return {
        "job": each.job,
        "state": each.state,
        "sentence": each.sentence,
        "threshold": each.threshold,
        "every_seconds": each.every.total_seconds(),
        "grace_seconds": each.grace.total_seconds(),
        "last_at": each.last_at,
        "last_success_at": each.last_success_at,
        "due": each.due,
        "deadline": each.deadline,
        "median_seconds": each.median_seconds,
        "declared": each.is_declared,
        "model": each.model,
        "environment": each.environment,
        "owner": each.owner,
        "runbook": each.runbook,
        "notes": each.notes,
    }
