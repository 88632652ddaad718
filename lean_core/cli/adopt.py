"""`lean-mlops adopt`: make versions of folders that were there before the workbench."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json, write_json_list
from lean_core.cli.progress import Progress
from lean_core.cli.registry import describe_record, show_step, tell_remarks

if TYPE_CHECKING:
    from lean_core.registry.foreign import Clues, Foreign, ForeignFolders
    from lean_core.workbench import Workbench

_PROBLEMS = 3
"""How many problems of a folder are told in the list; --json has them all."""
_STRAYS = 5
_CALLED = {
    "metric_values": "metrics elsewhere",
    "made_at": "when it was made",
    "run_id": "run",
    "lock_file": "lock file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the command line says."""

    model: str | None
    version: str | None
    artifact: str | None
    metrics: str | None
    write_metrics: bool
    commit: str | None
    data: tuple[str, ...]
    owner: str | None
    note: str | None
    by: str | None
    dry_run: bool
    as_json: bool


@click.command("adopt")
@click.argument("model", required=False)
@click.argument("version", required=False)
@click.option("--artifact", metavar="PATH", help="The model's file or folder in there; . is the whole folder.")
@click.option("--metrics", metavar="PATH", help="The metrics file in there.")
@click.option("--write-metrics", is_flag=True, help="Put metrics that stand elsewhere in a metrics.json beside it.")
@click.option("--commit", metavar="HASH", help="The commit of the code that made it.")
@click.option("--data", metavar="NAME=REF", multiple=True, help="Training data, a path or a URI; can be repeated.")
@click.option("--owner", metavar="NAME", help="Who answers for it.")
@click.option("--note", metavar="TEXT", help="How and where it is meant to be deployed.")
@click.option("--by", metavar="NAME", help="Who adopts it; else git's user, else the account.")
@click.option("--dry-run", is_flag=True, help="Show the record that would be written, and write nothing.")
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the order names
    """Write a record beside the files of VERSION of MODEL that somebody else put there; the files stay as they are.

    Without a name, list the folders of the registry that can be adopted, with what was found in each and what not.
    """
    order = _Order(**said)
    if order.model is None:
        _list(open_workbench().foreign_folders(), as_json=order.as_json)
        return
    if order.version is None:
        raise click.UsageError("name MODEL and VERSION, or neither to list what can be adopted")
    _adopt(open_workbench(), order, order.model, order.version)


def _adopt(workbench: Workbench, order: _Order, model: str, version: str) -> None:
    from lean_core.registry.adoption import AdoptionRequest
    from lean_core.registry.data_reference import parse_data_reference

    request = AdoptionRequest(
        artifact=order.artifact,
        metrics=order.metrics,
        commit=order.commit,
        data=tuple(parse_data_reference(text) for text in order.data),
        owner=order.owner,
        note=order.note,
        writes_metrics=order.write_metrics,
    )
    with Progress() as progress:
        foreign = workbench.foreign_folder(model, version)
        adoption = workbench.prepare_adoption(foreign, request, tell=show_step(progress))
        record = adoption.record
        if not order.dry_run:
            record = workbench.adopt(adoption, actor=workbench.actor(order.by), tell=show_step(progress))
    place = f"{workbench.objects().uri}/{model}/{version}"
    tell_remarks(adoption.remarks)
    if order.as_json or order.dry_run:
        write_json(describe_record(record, place, remarks=adoption.remarks, is_written=not order.dry_run))
    else:
        click.echo(plain(place))
    if not order.dry_run:
        say(f"adopted {model} {version} ({foreign.kind}); its files were not touched")


def _list(found: ForeignFolders, *, as_json: bool) -> None:
    if as_json:
        write_json_list(_everything(foreign) for foreign in found.folders)
    for foreign in () if as_json else found.folders:
        _write(foreign)
    for folder, files in found.refused.items():
        say(f"note: {plain(folder)} ({files} files) has a name that no version can have: rename it to adopt it")
    if found.strays:
        more = ", …" if len(found.strays) > _STRAYS else ""
        named = plain(", ".join(found.strays[:_STRAYS]))
        say(f"note: {len(found.strays)} files lie in no version's folder: {named}{more}")
    if found.folders:
        first = found.folders[0]
        say(f"next: lean-mlops adopt {first.model} {first.version} --dry-run")
    else:
        say("nothing to adopt: every version's folder has a record")


def _write(foreign: Foreign) -> None:
    found = _found(foreign.clues)
    places = dict.fromkeys(part.partition(":")[0] for _, _, where in found for part in where.split(", ")[:1])
    facts = f"{', '.join(_CALLED.get(name, name) for name, _, _ in found)} (in {plain(', '.join(places))})"
    files = "1 file" if len(foreign.files) == 1 else f"{len(foreign.files):,} files"
    click.echo(f"{foreign.model}/{foreign.version}: {foreign.kind}, {files}")
    click.echo(f"  found: {facts if found else 'nothing'}")
    click.echo(f"  missing: {', '.join(foreign.missing) or 'nothing'}")
    for problem in foreign.problems[:_PROBLEMS]:
        say(f"note: {foreign.model}/{foreign.version}: {plain(problem)}")


def _everything(foreign: Foreign) -> dict[str, object]:
    return {
        "model": foreign.model,
        "version": foreign.version,
        "kind": foreign.kind,
        "files": len(foreign.files),
        "bytes": foreign.bytes,
        "found": {name: {"value": value, "where": where} for name, value, where in _found(foreign.clues)},
        "missing": foreign.missing,
        "problems": foreign.problems,
    }


def _found(clues: Clues) -> list[tuple[str, object, str]]:
    """Return name, value and place of everything that was found."""
    from lean_core.registry.foreign import Found

    found: list[tuple[str, object, str]] = []
    for field in dataclasses.fields(clues):
        each = getattr(clues, field.name)
        if isinstance(each, Found):
            found.append((field.name, each.value, each.where))
    data = [{key: value for key, value in dataclasses.asdict(each.value).items() if value} for each in clues.data]
    if data:
        found.append(("data", data, ", ".join(dict.fromkeys(each.where for each in clues.data))))
    return found
