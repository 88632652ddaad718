"""`lean-mlops register`: make a model a version in the registry."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json
from lean_core.cli.progress import Progress
from lean_core.cli.registry import describe_record, show_step, tell_remarks
from lean_core.errors import UsageError

if TYPE_CHECKING:
    from lean_core.registry.request import Draft, Request
    from lean_core.runs import Run, SourceVersion
    from lean_core.workbench import Workbench

_MEGABYTE = 1_000_000
_Found = TypeVar("_Found")
_FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the command line says."""

    model: str
    version: str
    artifact: Path | None
    run: str | None
    from_mlflow: str | None
    source: str | None
    data: tuple[str, ...]
    metrics: Path | None
    lock: Path | None
    owner: str | None
    note: str | None
    by: str | None
    dry_run: bool
    as_json: bool


@click.command("register")
@click.argument("model")
@click.argument("version")
@click.option("--artifact", metavar="PATH", type=_FILE, help="The file or folder with the model.")
@click.option("--run", metavar="ID", help="The run that made it: its id, the beginning of it, or SOURCE:ID.")
@click.option("--from-mlflow", metavar="NAME", help="MODEL/VERSION or MODEL@ALIAS in MLflow's registry: files and run.")
@click.option("--source", metavar="SOURCE", help="The source whose registry has it, where several do.")
@click.option("--data", metavar="NAME=REF", multiple=True, help="Training data, a path or a URI; can be repeated.")
@click.option("--metrics", metavar="FILE", type=_FILE, help="A JSON file of numbers; else the run's metrics.")
@click.option("--lock", metavar="FILE", type=_FILE, help="The lock file; else the one that is found.")
@click.option("--owner", metavar="NAME", help="Who answers for it; else owner under [registry], else git's user.")
@click.option("--note", metavar="TEXT", help="How and where it is meant to be deployed.")
@click.option("--by", metavar="NAME", help="Who registers it; else git's user, else the account.")
@click.option("--dry-run", is_flag=True, help="Show what would be registered, and write nothing.")
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the order names
    """Register a model as VERSION of MODEL: its files first, its record last.

    Commit, remote, params, metrics, data, Python and lock file are found where they can be. What is not known is left
    out, and told with the option that adds it. The same command goes on where it was interrupted.
    """
    order = _Order(**said)
    if (order.artifact is None) == (order.from_mlflow is None):
        raise click.UsageError("name the model's files with --artifact PATH, or with --from-mlflow NAME: one of them")
    workbench = open_workbench()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress())
        draft = _draft(workbench, order, progress, stack)
        record = draft.record
        if not order.dry_run:
            record = workbench.register(draft, actor=workbench.actor(order.by), tell=show_step(progress))
    place = f"{workbench.objects().uri}/{record.model}/{record.version}"
    tell_remarks(draft.remarks)
    if order.as_json or order.dry_run:
        write_json(describe_record(record, place, remarks=draft.remarks, is_written=not order.dry_run))
    else:
        click.echo(plain(place))
    if not order.dry_run:
        name = f"{record.model} {record.version}"
        say(f"registered {name}; next: lean-mlops gate {name} --env ENV")


def _draft(workbench: Workbench, order: _Order, progress: Progress, stack: ExitStack) -> Draft:
    registered = _find_registered(workbench, order, progress) if order.from_mlflow else None
    run = _find_run(workbench, order.run, progress) if order.run else registered.run if registered else None
    artifact, called = order.artifact or Path(), None
    if registered:
        fetched = _Fetched(progress)
        artifact = stack.enter_context(workbench.files_of(registered, tell=fetched))
        called = registered.name or "model"
    return workbench.draft(_request(order, artifact, called), run=run, registered=registered, tell=show_step(progress))


def _request(order: _Order, artifact: Path, called: str | None) -> Request:
    from lean_core.registry.data_reference import parse_data_reference
    from lean_core.registry.request import Request

    return Request(
        model=order.model,
        version=order.version,
        artifact=artifact,
        called=called,
        data=tuple(parse_data_reference(text) for text in order.data),
        metrics=order.metrics,
        lock_file=order.lock,
        owner=order.owner,
        note=order.note,
    )


def _find_run(workbench: Workbench, name: str, progress: Progress) -> Run:
    def find() -> Run:
        return workbench.find_run(name)

    return _find_fresh(workbench, find, lambda run: run.source, None, progress)


def _find_registered(workbench: Workbench, order: _Order, progress: Progress) -> SourceVersion:
    def find() -> SourceVersion:
        return workbench.find_registered(order.from_mlflow or "", source=order.source)

    return _find_fresh(workbench, find, lambda version: version.source, order.source, progress)


def _find_fresh(
    workbench: Workbench,
    find: Callable[[], _Found],
    source_of: Callable[[_Found], str],
    source: str | None,
    progress: Progress,
) -> _Found:
    """Find something after its source was synced: what was imported earlier may lack what was logged since."""
    known = source
    with contextlib.suppress(UsageError):  # not imported yet
        known = source_of(find())
    if known and known not in workbench.settings.sources:
        say(f"note: source {known} is no longer in lean.toml, its last import was used")
        return find()
    for report in workbench.sync([known] if known else None, progress.tell):
        if report.error is not None:
            say(f"note: source {report.source} could not be synced, its last import was used: {plain(report.error)}")
    return find()


class _Fetched:
    """Shows how much was fetched."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._bytes = progress, 0

    def __call__(self, more: int) -> None:
        self._bytes += more
        self._progress.show(f"fetching {self._bytes / _MEGABYTE:,.0f} MB")
