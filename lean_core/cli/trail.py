"""`lean-mlops trail`: what happened, as sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json_list

if TYPE_CHECKING:
    import datetime as dt

    from lean_core.releases import KnownEvent, KnownTrail

KINDS = ("deployment", "gate", "approval", "attestation", "waiver", "withdrawal", "drill")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    model: str | None
    env: str | None
    kind: str | None
    since: str | None
    as_csv: bool
    as_json: bool


@click.command("trail")
@click.argument("model", required=False)
@click.option("--env", metavar="ENV", help="One environment; events that concern all of them are told too.")
@click.option("--kind", type=click.Choice(KINDS), help="One kind of event.")
@click.option("--since", metavar="DATE", help="Such as 2026-03-03, '3 March' or '3 days ago' (UTC).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for a spreadsheet.")
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the class above names
    """Tell what happened to the versions of every model, or of MODEL, oldest first, one sentence an event."""
    from lean_core import clock
    from lean_core.releases import read_span
    from lean_core.releases.export import to_csv, to_document

    given = _Said(**said)
    if given.as_csv and given.as_json:
        raise click.UsageError("--csv and --json are two forms of the same: use one of them")
    workbench = open_workbench()
    start = read_span(given.since, now=clock.now()).start if given.since else None
    trails = [workbench.trail(given.model)] if given.model else workbench.trails()
    events = sorted(_choose(trails, given, start), key=lambda known: (known.event.at, known.event.id))
    if given.as_json:
        write_json_list(to_document(known) for known in events)
    elif given.as_csv:
        sys.stdout.buffer.write(to_csv(events))
    else:
        for known in events:
            click.echo(_line(known))
    _tell_rest(trails, events)


def _choose(trails: Iterable[KnownTrail], given: _Said, start: dt.datetime | None) -> Iterator[KnownEvent]:
    for trail in trails:
        for known in trail.events:
            event = known.event
            if (
                (given.env is None or event.environment in {None, given.env})
                and (given.kind is None or event.kind == given.kind)
                and (start is None or event.at >= start)
            ):
                yield known


def _line(known: KnownEvent) -> str:
    from lean_core.releases import tell

    late = f"  (late: known since {known.known_at:%Y-%m-%d %H:%M})" if known.late and known.known_at else ""
    return f"{known.event.at:%Y-%m-%d %H:%M}  {plain(tell(known.event))}{late}"


def _tell_rest(trails: Iterable[KnownTrail], events: list[KnownEvent]) -> None:
    for trail in trails:
        for unreadable in trail.unreadable:
            say(f"note: {plain(unreadable.sentence)}")
    if not events:
        say("no event matches" if any(trail.events for trail in trails) else "nothing has happened yet")
