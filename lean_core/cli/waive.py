"""`lean-mlops waive`: let one check through for a while."""

from __future__ import annotations

import click

from lean_core.cli.options import by_option, environment_option, json_option, open_workbench, workspace_option
from lean_core.cli.statements import tell_event


@click.command("waive")
@click.argument("model")
@click.argument("version")
@environment_option
@click.option("--check", metavar="NAME", required=True, help="The check, as `lean-mlops gate` names it.")
@click.option("--reason", metavar="TEXT", required=True, help="Why it may be let through.")
@click.option(
    "--until", metavar="TIME", required=True, help="A date (its first moment, UTC) or a duration such as 14d."
)
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *, model: str, version: str, environment: str, check: str, reason: str, until: str, by: str | None, as_json: bool
) -> None:
    """Waive one check of the gate for VERSION of MODEL, for 30 days at most unless lean.toml says otherwise.

    The check is still made and shown as what it is, first of all and with the waiver's reason.
    """
    workbench = open_workbench()
    case = workbench.case(model, version, environment)
    waiver = workbench.waive(case, actor=workbench.actor(by), check=check, reason=reason, until=until)
    tell_event(waiver, as_json=as_json)
