"""`lean-mlops doctor`: what is wrong, and what to do."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, workspace_folder, workspace_option
from lean_core.cli.output import plain, say, write_json_list

if TYPE_CHECKING:
    from lean_core.doctor import Finding


@click.command("doctor")
@json_option
@workspace_option
def command(*, as_json: bool) -> int:
    """Check settings, sources, the workspace's file, disk space and git.

    Exit codes: 0 nothing worse than a warning, 1 an error was found, 3 something could not be checked.
    """
    from lean_core import clock
    from lean_core.doctor import examine, worst

    folder, findings = workspace_folder(), []
    for finding in examine(folder, now=clock.now()):
        findings.append(finding)
        if not as_json:
            _write(finding)
    if as_json:
        write_json_list(dataclasses.asdict(finding) for finding in findings)
    counts = {
        severity: sum(each.severity == severity for each in findings) for severity in ("error", "unknown", "warning")
    }
    say(f"{counts['error']} errors, {counts['unknown']} not known, {counts['warning']} warnings")
    return {"error": ExitCode.NO, "unknown": ExitCode.COULD_NOT}.get(worst(findings), ExitCode.DONE)


def _write(finding: Finding) -> None:
    click.echo(f"{finding.severity:<8} {finding.about}: {plain(finding.message)}")
    if finding.action:
        click.echo(f"{'':<8} -> {plain(finding.action)}")
