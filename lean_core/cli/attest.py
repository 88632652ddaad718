"""`lean-mlops attest`: say that an item of a checklist is done."""

from __future__ import annotations

import click

from lean_core.cli.options import by_option, environment_option, json_option, open_workbench, workspace_option
from lean_core.cli.statements import tell_event


@click.command("attest")
@click.argument("model")
@click.argument("version")
@environment_option
@click.option("--item", metavar="TEXT", required=True, help="The item, as it stands on the checklist in lean.toml.")
@click.option("--note", metavar="TEXT", help="What you have to say, such as where it can be seen.")
@by_option
@json_option
@workspace_option
def command(  # noqa: PLR0913 - an option each
    *, model: str, version: str, environment: str, item: str, note: str | None, by: str | None, as_json: bool
) -> None:
    """Attest that an item of the gate's checklist is done for VERSION of MODEL."""
    workbench = open_workbench()
    case = workbench.case(model, version, environment)
    tell_event(workbench.attest(case, actor=workbench.actor(by), item=item, note=note), as_json=as_json)
