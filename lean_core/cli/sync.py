"""`lean-mlops sync`: import runs from the sources."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import duration, plain, say, write_json
from lean_core.cli.progress import Progress

if TYPE_CHECKING:
    from lean_core.runs import SyncReport

WARNINGS_OF_A_KIND = 3
"""How many are told one by one; --json and the page *Workspace* have them all."""


@click.command("sync")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@json_option
@workspace_option
def command(*, sources: tuple[str, ...], as_json: bool) -> int:
    """Import runs from the sources of lean.toml, or from those that are named.

    A source that can't be read keeps the last import of it and does not stop the others; the exit code is then 3.
    """
    workbench = open_workbench()
    if not workbench.settings.sources:
        say('lean.toml names no source of runs: add a line [sources.local], and below it uri = "mlflow.db"')
    with Progress() as progress:
        reports = workbench.sync(list(dict.fromkeys(sources)) or None, progress.tell)
    if as_json:
        write_json([_everything(report) for report in reports])
    for report in reports:
        if not as_json:
            click.echo(_summary(report))
        _tell_warnings(report)
    return ExitCode.COULD_NOT if any(report.state == "failed" for report in reports) else ExitCode.DONE


def _everything(report: SyncReport) -> dict[str, object]:
    return {
        "source": report.source,
        "state": report.state,
        "imported": report.imported,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "deleted": report.deleted,
        "gone": report.gone,
        "skipped": report.skipped,
        "warnings": [
            {"kind": each.kind, "place": each.place, "message": each.message, "skipped": each.skipped}
            for each in report.warnings
        ],
        "seconds": round(report.seconds, 3),
        "error": report.error,
    }


def _summary(report: SyncReport) -> str:
    if report.error is not None:
        rest = "its last import stays" if report.keeps else "nothing was imported yet"
        return f"{report.source}: failed, {rest}: {plain(report.error)}"
    counts = [
        f"{report.imported:,} imported",
        f"{report.changed:,} changed",
        f"{report.unchanged:,} unchanged",
        f"{report.deleted:,} deleted" + (f" ({report.gone:,} of them gone from the source)" if report.gone else ""),
        *(f"{number:,} skipped ({kind})" for kind, number in report.skipped.items()),
    ]
    return f"{report.source}: {', '.join(counts)}; {duration(report.seconds)}"


def _tell_warnings(report: SyncReport) -> None:
    totals = Counter(warning.kind for warning in report.warnings)
    told: Counter[str] = Counter()
    for warning in report.warnings:
        told[warning.kind] += 1
        if told[warning.kind] <= WARNINGS_OF_A_KIND:
            detail = f" ({warning.message})" if warning.message else ""
            say(f"{report.source}: warning: {warning.kind}: {plain(warning.place + detail)}")
    for kind, total in totals.items():
        if total > WARNINGS_OF_A_KIND:
            say(f"{report.source}: warning: {kind}: {total - WARNINGS_OF_A_KIND:,} more, see --json")
