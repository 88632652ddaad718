"""What the commands by which people state something about a version have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lean_core.cli.output import plain, say, write_json

if TYPE_CHECKING:
    from lean_core.registry import Event


def tell_event(event: Event, *, as_json: bool) -> None:
    """Print an event that was written: as a sentence, or as it lies in the trail."""
    from lean_core.registry import render_event
    from lean_core.releases import tell

    if as_json:
        write_json(json.loads(render_event(event)))
    else:
        click.echo(plain(tell(event)))
    say(f"recorded {event.id}")
