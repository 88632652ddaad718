"""`lean-mlops doctor`: what is wrong, and what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_folder, workspace_option
from lean_core.cli.output import plain, say, write_json_list
from lean_core.cli.progress import Progress
from lean_core.cli.registry import show_step
from lean_core.wording import count

if TYPE_CHECKING:
    from lean_core.doctor import Finding
    from lean_core.registry.verify import Depth


_ONE_BY_ONE = 3
"""How many findings of a kind are told one by one where the whole registry is looked at."""


@click.command("doctor")
@click.argument("target", required=False, metavar="[MODEL[/VERSION]]")
@click.option(
    "--hashes/--no-hashes",
    default=None,
    help="Read and hash every file of the versions; without it, only where a model is named.",
)
@json_option
@workspace_option
def command(*, target: str | None, hashes: bool | None, as_json: bool) -> int:
    """Check settings, sources, the workspace's file, disk space, git and the registry, or one model of the registry.

    Exit codes: 0 nothing worse than a warning, 1 an error was found, 3 something could not be checked.
    """
    from lean_core.doctor import worst

    findings = []
    with Progress() as progress:
        for finding in _look(target, hashes=hashes, as_json=as_json, progress=progress):
            findings.append(finding)
            if not as_json:
                progress.clear()
                _write(finding)
    if as_json:
        write_json_list(dataclasses.asdict(finding) for finding in findings)
    counts = {
        severity: sum(each.severity == severity for each in findings) for severity in ("error", "unknown", "warning")
    }
    errors, warnings = count(counts["error"], "error"), count(counts["warning"], "warning")
    say(f"{errors}, {counts['unknown']} not known, {warnings}")
    return {"error": ExitCode.NO, "unknown": ExitCode.COULD_NOT}.get(worst(findings), ExitCode.DONE)


def _look(target: str | None, *, hashes: bool | None, as_json: bool, progress: Progress) -> Iterator[Finding]:
    from lean_core import clock
    from lean_core.doctor import RegistryLook, check_versions, examine
    from lean_core.registry.verify import Scope

    depth: Depth = "hashes" if (hashes if hashes is not None else target) else "records"
    tell = show_step(progress)
    if target is None:
        most = None if as_json else _ONE_BY_ONE
        look = RegistryLook(depth=depth, most=most, tell=tell)
        return examine(workspace_folder(), now=clock.now(), look=look)
    model, _, version = target.partition("/")
    scope = Scope(model=model, version=version or None)
    return check_versions(open_workbench(), RegistryLook(scope=scope, depth=depth, tell=tell))


def _write(finding: Finding) -> None:
    click.echo(f"{finding.severity:<8} {finding.about}: {plain(finding.message)}")
    if finding.action:
        click.echo(f"{'':<8} -> {plain(finding.action)}")
