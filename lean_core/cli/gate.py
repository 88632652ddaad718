"""`lean-mlops gate`: judge a version by the policy of an environment, by the same rules as the page *Releases*."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.gate_self_test import try_policies
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import say
from lean_core.cli.verdict import report, report_to_github, write_junit
from lean_core.errors import LeanError

if TYPE_CHECKING:
    from lean_core.registry import Gate
    from lean_core.workbench import Workbench

_CODES = {"pass": ExitCode.DONE, "fail": ExitCode.NO, "unknown": ExitCode.UNKNOWN}


@click.command("gate")
@click.argument("model", required=False)
@click.argument("version", required=False)
@click.option("--env", "environment", metavar="ENV", help="The environment, such as prod (see lean.toml).")
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit's XML too.")
@click.option("--dry-run", is_flag=True, help="Don't write the verdict to the trail.")
@click.option("--self-test", is_flag=True, help="Feed each check of the policies with what must not pass.")
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *,
    model: str | None,
    version: str | None,
    environment: str | None,
    junit: Path | None,
    dry_run: bool,
    self_test: bool,
    by: str | None,
    as_json: bool,
) -> int:
    """Judge VERSION of MODEL by the gate of an environment, and write the verdict to the trail.

    Exit codes: 0 pass, 1 fail, 2 settings, 3 the registry can't be reached, 4 evidence is unknown.
    """
    workbench = open_workbench()
    if self_test:
        if version or junit:
            raise click.UsageError("--self-test takes no VERSION and no --junit: it is about the policy alone")
        return try_policies(workbench, model, environment, as_json=as_json)
    if not model or not version or not environment:
        raise click.UsageError("name what is judged: lean-mlops gate MODEL VERSION --env ENV")
    gate = workbench.evaluate(workbench.case(model, version, environment), actor=workbench.actor(by))
    failure = None if dry_run else _record(workbench, gate)
    report(gate, as_json=as_json, is_written=not dry_run and failure is None)
    report_to_github(gate)
    if junit is not None:
        write_junit(gate, junit)
    if failure is not None:
        raise failure  # not before the verdict is told
    say("the verdict was not recorded (--dry-run)" if dry_run else f"recorded {gate.id}")
    return _CODES[gate.verdict]


def _record(workbench: Workbench, gate: Gate) -> LeanError | None:
    try:
        workbench.record(gate)
    except LeanError as error:
        return error
    return None
