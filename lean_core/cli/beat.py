"""`lean-mlops beat`: say that a job started, succeeded or failed; or list how all jobs are."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import say, write_json

if TYPE_CHECKING:
    from lean_core.signals.heartbeats import Details, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    job: str | None
    command: tuple[str, ...]
    start: bool
    fail: bool
    every: str | None
    grace: str | None
    note: str | None
    as_json: bool


@click.command("beat")
@click.argument("job", required=False)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- CMD]...")
@click.option("--start", is_flag=True, help="A run begins.")
@click.option("--fail", is_flag=True, help="A run failed.")
@click.option("--every", metavar="DURATION", help="How often it succeeds, such as 1d, unless lean.toml says it.")
@click.option("--grace", metavar="DURATION", help="How much later is merely late, such as 1h.")
@click.option("--note", metavar="TEXT", help="Anything else that should be known.")
@json_option
@workspace_option
def command(**said: Any) -> int:  # noqa: ANN401 - click's values, which the class above names
    """Say that a run of JOB succeeded; with a command after --, run it and say how it went; without JOB, list all jobs.

    A job that does not say so within its time is late, then down: that is how its silence is heard.

    Exit codes: of JOB -- CMD that of the command, whatever becomes of the heartbeat; of the list 1 where a job is late,
    down or failed.
    """
    given = _Said(**said)
    _check(given)
    if given.job is None:
        from lean_core.cli.beat_list import list_jobs

        return list_jobs(as_json=given.as_json)
    details = _details(given)
    if given.command:
        from lean_core.cli.beat_wrap import wrap

        return wrap(given.job, given.command, details, as_json=given.as_json)
    return _beat(given.job, "start" if given.start else "fail" if given.fail else "success", details, given.as_json)


def _beat(job: str, said: Said, details: Details, as_json: bool) -> int:  # noqa: FBT001 - passed on as it is
    from lean_core.signals.heartbeats import describe_beat

    workbench = open_workbench()
    beat = workbench.make_beat(job, said, details)
    workbench.beat(beat)
    if as_json:
        write_json(describe_beat(beat))
    elif sys.stderr.isatty():  # cron sends a mail about every line
        words = {"start": "a run began", "success": "a run succeeded", "fail": "a run failed"}
        say(f"recorded of {job}: {words[said]}")
    return ExitCode.DONE


def _check(given: _Said) -> None:
    if given.start and given.fail:
        raise click.UsageError("--start and --fail exclude each other: say which of them happened")
    if given.command and (given.start or given.fail):
        raise click.UsageError("a wrapped command says itself how it went: leave out --start and --fail")
    if given.job is None and (given.start or given.fail or given.every or given.grace or given.note):
        raise click.UsageError("say of which JOB: lean-mlops beat JOB")


def _details(given: _Said) -> Details:
    from lean_core.signals.heartbeats import LONGEST_NOTE, Details

    note = " ".join(given.note.split()) if given.note else ""
    return Details(
        every_seconds=_seconds(given.every, "every"),
        grace_seconds=_seconds(given.grace, "grace"),
        note=(note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…") or None,
    )


def _seconds(text: str | None, option: str) -> float | None:
    import datetime as dt

    from lean_core.settings import read_duration

    if text is None:
        return None
    duration = read_duration(text)
    if duration is None or not dt.timedelta(seconds=1) <= duration <= dt.timedelta(weeks=520):
        raise click.UsageError(f"--{option} {text}: expected a duration from 1s to 520w (units s m h d w)")
    return duration.total_seconds()
