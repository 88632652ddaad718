"""`lean-mlops deploy`: send a version to an environment, or record that it went there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json
from lean_core.cli.registry import tell_remarks
from lean_core.cli.releases import (
    by_option,
    carry_out,
    ci_url,
    describe_event,
    how_option,
    note_option,
    run_option,
    tell_outcome,
)

if TYPE_CHECKING:
    from lean_core.registry import Deployment
    from lean_core.releases import Order
    from lean_core.releases.plan import DeploymentPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    model: str
    version: str
    env: str
    how: str | None
    run: str | None
    target: str | None
    note: str | None
    force: bool
    reason: str | None
    by: str | None
    as_json: bool


@click.command("deploy")
@click.argument("model")
@click.argument("version")
@click.option("--env", metavar="ENV", required=True, help="The environment, such as prod.")
@how_option
@run_option
@click.option("--target", metavar="TEXT", help="Where exactly: a host, a region, a job.")
@note_option
@click.option("--force", is_flag=True, help="Do without a passing gate; needs --reason, and shows everywhere.")
@click.option("--reason", metavar="TEXT", help="Why it can't wait for the gate.")
@by_option
@json_option
@workspace_option
def command(**said: Any) -> int:  # noqa: ANN401 - click's values, which the class above names
    """Record that VERSION of MODEL was deployed; with --run, run the command that deploys it, and record its outcome.

    Without a passing gate for just this version and environment it refuses. Exit codes: 0 deployed, 1 refused or
    failed.
    """
    given = _Said(**said)
    if given.force != bool(given.reason and given.reason.strip()):
        raise click.UsageError("--force and --reason TEXT go together: a forced deployment says why")
    workbench = open_workbench()
    plan = workbench.plan_deployment(given.model, given.version, given.env, forced=given.force)
    tell_remarks(plan.permission.remarks)
    if plan.permission.refused is not None:
        say(f"refused: {plain(plan.permission.refused)}")
        if given.as_json:
            write_json(_describe(plan, None))
        return ExitCode.NO
    order = _order(given, plan, workbench.actor(given.by))
    deployment = carry_out(workbench, order, plan.version.record, given.run)
    if given.as_json:
        write_json(_describe(plan, deployment))
    else:
        click.echo(plain(describe_event(deployment)["sentence"]))
    return tell_outcome(deployment, live=plan.live)


def _order(given: _Said, plan: DeploymentPlan, actor: str) -> Order:
    from lean_core.releases import Order, mask

    gate = plan.permission.gate
    if given.force and gate is not None:
        say("note: the gate passed, so --force was not needed and is not recorded")
    how = given.how or (None if given.run else ci_url(os.environ))
    return Order(
        model=given.model,
        version=given.version,
        environment=given.env,
        actor=actor,
        how=mask(how, os.environ) if how else None,
        target=given.target,
        note=given.note,
        gate=gate,
        reason=None if gate is not None else given.reason,
        skipped=plan.permission.skipped,
    )


def _describe(plan: DeploymentPlan, deployment: Deployment | None) -> dict[str, object]:
    return {
        "outcome": "refused" if deployment is None else deployment.outcome,
        "refused": plan.permission.refused,
        "notes": list(plan.permission.remarks),
        "event": None if deployment is None else describe_event(deployment),
    }
