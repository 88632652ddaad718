"""`lean-mlops withdraw`: say that a version must not be deployed again."""

from __future__ import annotations

import click

from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain
from lean_core.cli.statements import tell_event


@click.command("withdraw")
@click.argument("model")
@click.argument("version")
@click.option("--env", "environment", metavar="ENV", help="Only from this environment; else from all.")
@click.option("--reason", metavar="TEXT", required=True, help="Why it must not be deployed again.")
@click.option("--yes", is_flag=True, help="Don't ask whether you are sure.")
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *, model: str, version: str, environment: str | None, reason: str, yes: bool, by: str | None, as_json: bool
) -> None:
    """Withdraw VERSION of MODEL: its gate fails from now on, whatever it scores, and there is no way back.

    What is live stays live: deploy or roll back to another version.
    """
    workbench = open_workbench()
    case = workbench.case(model, version, environment or workbench.settings.environments.order[-1])
    if not yes:
        where = f"from {environment}" if environment else "from every environment"
        click.confirm(plain(f"Withdraw {model} {version} {where}, for good?"), abort=True, err=True)
    withdrawal = workbench.withdraw(case, actor=workbench.actor(by), environment=environment, reason=reason)
    tell_event(withdrawal, as_json=as_json)
