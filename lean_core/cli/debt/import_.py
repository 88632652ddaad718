"""`lean-mlops debt import`: bring shortcuts in from what people keep them in."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.debt.import_preview import describe_plan, preview_lines
from lean_core.cli.debt.outcome import describe_conflict, tell_conflict
from lean_core.cli.debt.sources import Source, read_sources
from lean_core.cli.exits import ExitCode
from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list
from lean_core.errors import UsageError

if TYPE_CHECKING:
    from lean_core.debt.exchange import Plan
    from lean_core.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    paths: tuple[Path, ...]
    maps: tuple[str, ...]
    dry_run: bool
    yes: bool
    by: str | None
    as_json: bool


@click.command("import")
@click.argument(
    "paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
@click.option(
    "--map", "maps", metavar="COLUMN=FIELD", multiple=True, help="What a column holds; COLUMN= leaves it out."
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_option
@json_option
@workspace_option
def command(**said: Any) -> int:  # noqa: ANN401 - click's values, which the class above names
    """Bring shortcuts in from CSV, Markdown or JSON, or from a folder of decision records.

    What each column is taken for, what is new, changed, merged and refused is shown first. Exit codes: 0 done (or could
    be, with --dry-run), 1 something was refused, or changed in the log meanwhile, or you said no.
    """
    given = _Said(**said)
    workbench = open_workbench()
    sources = read_sources(given.paths)
    told, codes = list[dict[str, object]](), [ExitCode.DONE]
    for source, mapping in zip(sources, choose_mappings(sources, given.maps), strict=True):
        done, code = _import(workbench, source, mapping, given)
        told.append(done)
        codes.append(code)
    if given.as_json:
        write_json_list(told)
    return max(codes)


def choose_mappings(sources: Sequence[Source], written: Sequence[str]) -> list[dict[str, str | None]]:
    """Return what each column of each source is taken for: as is said, else as its name and its cells suggest.

    Raises:
        UsageError: what is said is no COLUMN=FIELD, or no source has the column.
    """
    from lean_core.debt.exchange import guess_mapping

    said = dict(_read_map(each) for each in written)
    known = {column for source in sources for column in source.table.columns}
    strange = [column for column in said if column not in known]
    if strange:
        raise UsageError(f"--map: there is no column {strange[0][:80]!r}; there are: {', '.join(sorted(known))}")
    return [
        guess_mapping(source.table) | {name: field for name, field in said.items() if name in source.table.columns}
        for source in sources
    ]


def _read_map(written: str) -> tuple[str, str | None]:
    column, equals, field = written.rpartition("=")
    if not equals or not column.strip():
        raise UsageError(f"--map takes COLUMN=FIELD, such as Priority=severity, not {written[:80]!r}")
    return column.strip(), field.strip().lower().replace("-", "_").replace(" ", "_") or None


def _import(
    workbench: Workbench, source: Source, mapping: Mapping[str, str | None], given: _Said
) -> tuple[dict[str, object], ExitCode]:
    """Show what a source would bring, and bring it in; return what to tell, and the exit code."""
    from lean_core.debt.exchange import plan_import

    if source.table.rows and "title" not in mapping.values():
        columns = ", ".join(source.table.columns)
        raise UsageError(f"{source.name}: which column holds the title? --map COLUMN=title says so, of: {columns}")
    plan = plan_import(source.table, mapping, workbench.debt_items())
    if not (given.as_json and given.dry_run):
        for line in preview_lines(source.name, mapping, plan):
            click.echo(plain(line), err=not given.dry_run)
    told = describe_plan(source.name, mapping, plan) | {"saved": [], "conflicts": []}
    refused = ExitCode.NO if plan.refused else ExitCode.DONE
    if given.dry_run or not (plan.new or plan.changed):
        return told, refused
    if not (given.yes or _confirm(source, plan)):
        say("nothing was written")
        return told, ExitCode.NO
    report = workbench.import_debt(plan, actor=workbench.actor(given.by))
    for conflict in report.conflicts:
        tell_conflict(conflict)
    if report.conflicts:
        say(plain(f"nothing of {source.name} was brought in: settle that in the file or in the log, then import again"))
        return told | {"conflicts": list(map(describe_conflict, report.conflicts))}, ExitCode.NO
    for item in () if given.as_json else (*report.added, *report.changed):
        click.echo(plain(f"{item.id}: {item.title}"))
    say(f"{len(report.added)} logged, {len(report.changed)} changed")
    return told | {"saved": [item.id for item in (*report.added, *report.changed)]}, refused


def _confirm(source: Source, plan: Plan) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("an import asks before it writes, and nobody can be asked here: add --yes or --dry-run")
    what = f"{len(plan.new)} new and {len(plan.changed)} changed"
    return click.confirm(plain(f"Bring {what} shortcuts of {source.name} into the log?"), err=True)
