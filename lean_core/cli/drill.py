"""`lean-mlops drill`: rehearse a rollback."""

from __future__ import annotations

import time

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, write_json
from lean_core.cli.progress import Progress
from lean_core.cli.registry import show_step
from lean_core.cli.releases import (
    by_option,
    describe_event,
    describe_preflight,
    preflight_lines,
    refuse_rollback,
)


@click.command("drill")
@click.argument("model")
@click.option("--env", metavar="ENV", required=True, help="The environment, such as prod.")
@click.option("--to", metavar="VERSION", help="Which one; else the one that a rollback would take.")
@by_option
@json_option
@workspace_option
def command(*, model: str, env: str, to: str | None, by: str | None, as_json: bool) -> int:
    """Rehearse a rollback of MODEL: look whether it would work, change nothing, and record how it went.

    Exit codes: 0 it would work, 1 it would not.
    """
    from lean_core.releases import NoWayBack

    workbench = open_workbench()
    began = time.monotonic()
    with Progress() as progress:
        plan = workbench.plan_rollback(workbench.trail(model), env, to=to, tell=show_step(progress))
    if isinstance(plan, NoWayBack):
        return refuse_rollback(plan, as_json=as_json)
    drill = workbench.record_drill(plan, seconds=time.monotonic() - began, actor=workbench.actor(by))
    event = describe_event(drill)
    if as_json:
        preflight = plan.preflight
        write_json(
            {
                "outcome": drill.outcome,
                "preflight": describe_preflight(preflight),
                "notes": list(preflight.notes),
                "event": event,
            }
        )
    else:
        for line in preflight_lines(plan.preflight):
            click.echo(line)
        click.echo(plain(event["sentence"]))
    return ExitCode.DONE if drill.outcome == "succeeded" else ExitCode.NO
