"""`lean-mlops approve`: agree that a version goes to an environment."""

from __future__ import annotations

import click

from lean_core.cli.options import by_option, environment_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import say
from lean_core.cli.statements import tell_event


@click.command("approve")
@click.argument("model")
@click.argument("version")
@environment_option
@click.option(
    "--saw", metavar="EVENT", multiple=True, help="An event that you saw; else the newest gate's. Repeatable."
)
@click.option("--note", metavar="TEXT", help="What you have to say.")
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *, model: str, version: str, environment: str, saw: tuple[str, ...], note: str | None, by: str | None, as_json: bool
) -> None:
    """Approve VERSION of MODEL for an environment whose gate asks for approvals.

    The approval of whoever registered the version is labelled as such, and counts only where the settings say so.
    """
    workbench = open_workbench()
    case = workbench.case(model, version, environment)
    approval = workbench.approve(case, actor=workbench.actor(by), saw=saw, note=note)
    tell_event(approval, as_json=as_json)
    wanted = case.policy.settings.approvals if case.policy else None
    if approval.self and wanted is not None and not wanted.self_approval:
        say("note: you registered this version yourself: it does not count here, somebody else has to approve too")
    if not approval.saw:
        say(f"note: there was no gate event to look at; run lean-mlops gate {model} {version} --env {environment}")
