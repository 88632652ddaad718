"""`lean-mlops debt scan`: shortcuts that the code admits."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json, write_table
from lean_core.cli.progress import Progress
from lean_core.errors import UnavailableError, UsageError

if TYPE_CHECKING:
    from lean_core.debt import Item
    from lean_core.debt.scan import Marker
    from lean_core.workbench import Workbench

_LONGEST = 72
"""Characters of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    take: tuple[str, ...]
    take_all: bool
    dismiss: tuple[str, ...]
    by: str | None
    as_json: bool


@click.command("scan")
@click.option("--take", metavar="N", multiple=True, help="Log this one: its number, 2-5, or PATH:LINE. Repeatable.")
@click.option("--take-all", is_flag=True, help="Log all of them, but those that are dismissed.")
@click.option("--dismiss", metavar="N", multiple=True, help="Don't offer this one again. Repeatable.")
@by_option
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the class above names
    """Find TODO, FIXME, HACK, XXX and DEBT(owner) comments in the repository, and offer those that are new.

    Each is offered until it is taken or dismissed, and never again after that. The numbers count what this call offers.
    """
    given = _Said(**said)
    workbench = open_workbench()
    _check_repository(workbench.repository)
    with Progress() as progress:
        scan = workbench.scan_debt(progress.show)
    dismissed = choose(scan.markers, given.dismiss)
    chosen = choose(scan.markers, given.take)
    if given.take_all:
        chosen = {number: marker for number, marker in _numbered(scan.markers).items() if number not in dismissed}
    both = sorted(chosen.keys() & dismissed.keys())
    if both:
        raise click.UsageError(f"number {both[0]} can't be both taken and dismissed")
    items = _decide(workbench, list(chosen.values()), list(dismissed.values()), given.by)
    if given.as_json:
        write_json(_describe(scan.markers, chosen, dismissed, items))
    elif given.take or given.take_all or given.dismiss:
        for item in items:
            click.echo(plain(f"{item.id}: {item.title}"))
        say(f"{len(items)} logged, {len(dismissed)} dismissed, {len(scan.markers) - len(items) - len(dismissed)} left")
    else:
        _write(scan.markers)
    for note in scan.notes:
        say(f"note: {plain(note)}")


def choose(markers: Sequence[Marker], wanted: Iterable[str]) -> dict[int, Marker]:
    """Return the markers that are meant by numbers, ranges of them, or places, by number.

    Raises:
        UsageError: there is no such one.
    """
    numbered = _numbered(markers)
    chosen: dict[int, Marker] = {}
    for written in wanted:
        numbers = _read_numbers(written, numbered)
        unknown = [number for number in numbers if number not in numbered]
        if unknown or not numbers:
            raise UsageError(f"{written[:80]!r} names none of the {len(markers)} comments that are offered")
        chosen |= {number: numbered[number] for number in numbers}
    return dict(sorted(chosen.items()))


def _check_repository(repository: Path) -> None:
    from lean_core.git import GitError, read_git

    try:
        read_git(repository, "rev-parse", "--show-toplevel")
    except GitError as error:
        why = str(error).rstrip(".")
        raise UnavailableError(
            f"nothing can be scanned: {why}; the repository of your code is named in lean.toml, [workspace] repository"
        ) from None


def _read_numbers(written: str, numbered: Mapping[int, Marker]) -> list[int]:
    span = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", written.strip())
    if span is None:
        return [number for number, each in numbered.items() if f"{each.path}:{each.line}" == written.strip()]
    return list(range(int(span[1]), int(span[2] or span[1]) + 1))


def _numbered(markers: Sequence[Marker]) -> dict[int, Marker]:
    return dict(enumerate(markers, start=1))


def _decide(
    workbench: Workbench, taken: Sequence[Marker], dismissed: Sequence[Marker], by: str | None
) -> Sequence[Item]:
    actor = workbench.actor(by) if taken or dismissed else ""
    items = workbench.take_markers(taken, actor=actor) if taken else []
    if dismissed:
        workbench.dismiss_markers(dismissed, actor=actor)
    return items


def _write(markers: Sequence[Marker]) -> None:
    if not markers:
        say("nothing new was found in what was read")
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    rows = [_row(number, marker) for number, marker in _numbered(markers).items()]
    write_table(["n", "word", "where", "age", "owner", "says"], rows, width=width, longest=_LONGEST)
    say("next: lean-mlops debt scan --take N, or --dismiss N, or --take-all")


def _row(number: int, marker: Marker) -> list[str]:
    least = "at least " if marker.at_least else ""
    old = "unknown" if marker.age_days is None else f"{least}{marker.age_days} d"
    said = marker.text or (f"(not shown: {marker.secret})" if marker.secret else "")
    until = f" (until {marker.until})" if marker.until else ""
    return [str(number), marker.word, f"{marker.path}:{marker.line}", old, marker.owner or marker.author, said + until]


def _describe(
    markers: Sequence[Marker], taken: Mapping[int, Marker], dismissed: Mapping[int, Marker], items: Sequence[Item]
) -> list[dict[str, object]]:
    logged = dict(zip(taken, items, strict=True))
    return [
        {
            "n": number,
            "word": marker.word,
            "path": marker.path,
            "line": marker.line,
            "text": marker.text,
            "owner": marker.owner or None,
            "until": marker.until.isoformat() if marker.until else None,
            "author": marker.author or None,
            "age_days": marker.age_days,
            "at_least": marker.at_least,
            "secret": marker.secret or None,
            "decision": "taken" if number in logged else "dismissed" if number in dismissed else None,
            "item": logged[number].id if number in logged else None,
        }
        for number, marker in _numbered(markers).items()
    ]
