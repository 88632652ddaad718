"""`lean-mlops rollback`: go back to a version that served."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json
from lean_core.cli.progress import Progress
from lean_core.cli.registry import show_step
from lean_core.cli.releases import (
    by_option,
    carry_out,
    describe_event,
    describe_preflight,
    difference_lines,
    how_option,
    note_option,
    preflight_lines,
    refuse_rollback,
    run_option,
    say_how,
    tell_outcome,
)

if TYPE_CHECKING:
    from lean_core.registry import Deployment
    from lean_core.releases import Order
    from lean_core.releases.difference import Difference
    from lean_core.releases.plan import RollbackPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    model: str
    env: str
    to: str | None
    how: str | None
    run: str | None
    note: str | None
    by: str | None
    yes: bool
    dry_run: bool
    as_json: bool


@click.command("rollback")
@click.argument("model")
@click.option("--env", metavar="ENV", required=True, help="The environment, such as prod.")
@click.option("--to", metavar="VERSION", help="Which one; else the last that served and was not itself rolled back.")
@how_option
@run_option
@note_option
@by_option
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@json_option
@workspace_option
def command(**said: Any) -> int:  # noqa: ANN401 - click's values, which the class above names
    """Take MODEL in an environment back to a version that served there before.

    It looks first whether the version's artifact is there and as it was registered, and says what will change. Exit
    codes: 0 done (or could be, with --dry-run), 1 there is no way back, or it failed.
    """
    from lean_core.releases import NoWayBack

    given = _Said(**said)
    workbench = open_workbench()
    trail = workbench.trail(given.model)
    with Progress() as progress:
        plan = workbench.plan_rollback(trail, given.env, to=given.to, tell=show_step(progress))
    if isinstance(plan, NoWayBack):
        return refuse_rollback(plan, as_json=given.as_json)
    changes = workbench.changes_of(trail, plan)
    blocked = plan.preflight.blocked
    if not (given.as_json and given.dry_run):
        _show(plan, changes, to_stderr=not given.dry_run)
    deployment = None
    if blocked:
        say(f"refused: {plain(blocked)}")
    elif not given.dry_run:
        if not (given.yes or _confirm(plan)):
            say("nothing was done")
            return ExitCode.NO
        order = _order(plan, given, workbench.actor(given.by))
        deployment = carry_out(workbench, order, plan.version.record, given.run)
    if given.as_json:
        write_json(_describe(plan, changes, deployment))
    elif deployment is not None:
        click.echo(plain(describe_event(deployment)["sentence"]))
    if deployment is None:
        return ExitCode.NO if blocked else ExitCode.DONE
    return tell_outcome(deployment, live=plan.live.version)


def _order(plan: RollbackPlan, given: _Said, actor: str) -> Order:
    from lean_core.releases.plan import order_rollback

    return replace(order_rollback(plan, actor=actor), how=say_how(given.how, given.run), note=given.note)


def _confirm(plan: RollbackPlan) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("a rollback asks before it acts, and nobody can be asked here: add --yes")
    where = f"{plan.version.model} in {plan.environment}"
    return click.confirm(f"Take {where} back from {plan.live.version} to {plan.version.version}?", err=True)


def _show(plan: RollbackPlan, changes: Difference, *, to_stderr: bool) -> None:
    for line in _lines(plan, changes):
        click.echo(plain(line), err=to_stderr)


def _lines(plan: RollbackPlan, changes: Difference) -> Iterator[str]:
    candidate = plan.candidate
    served = f"{candidate.served_from:%Y-%m-%d %H:%M} to {candidate.served_until:%Y-%m-%d %H:%M} UTC"
    where = f"{plan.version.model} in {plan.environment}"
    yield f"{where}: from {plan.live.version} back to {candidate.version}, which served from {served}"
    if candidate.rolled_back:
        yield f"warning  {candidate.version} was itself taken away by a rollback."
    if candidate.basis.kind != "passed":
        yield f"warning  What {candidate.version} was deployed on, that time: {candidate.basis.sentence}."
    yield from preflight_lines(plan.preflight)
    yield from difference_lines(changes, statuses=("changed", "unknown"))


def _describe(plan: RollbackPlan, changes: Difference, deployment: Deployment | None) -> dict[str, object]:
    return {
        "outcome": deployment.outcome if deployment else "refused" if plan.preflight.blocked else "planned",
        "refused": plan.preflight.blocked,
        "from": plan.live.version,
        "to": plan.version.version,
        "preflight": describe_preflight(plan.preflight),
        "notes": list(plan.preflight.notes),
        "changes": [{"name": item.name, "status": item.status, "sentence": item.sentence} for item in changes.items],
        "event": None if deployment is None else describe_event(deployment),
    }
