"""`lean-mlops grafana`: the declared signals as a dashboard of Grafana."""

from __future__ import annotations

from pathlib import Path

import click

from lean_core.cli.options import open_workbench, workspace_option
from lean_core.cli.output import say, write_json
from lean_core.errors import UnavailableError


@click.command("grafana")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to a file instead."
)
@workspace_option
def command(*, output: Path | None) -> None:
    """Print a dashboard of the signals that Prometheus answers, as JSON to import into Grafana."""
    import json

    from lean_core.signals.grafana import make_dashboard

    settings = open_workbench().settings
    dashboard = make_dashboard(settings)
    if output is None:
        write_json(dashboard)
    else:
        try:
            output.write_text(json.dumps(dashboard, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise UnavailableError(f"{output} can't be written ({error.strerror}): name another file") from None
        say(f"wrote {output}: import it in Grafana, and choose the data source")
    if not any(each.kind == "prometheus" for each in settings.telemetry.values()):
        say('note: no telemetry of kind "prometheus" is declared, so there is no panel but a list')
