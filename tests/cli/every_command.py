"""Every command by its name, those of groups as ``debt list``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from lean_core.cli.main import cli


def find_command(name: str) -> click.Command:
    """Return a command by its name."""
    command: click.Command = cli
    for word in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None, name
        command = found
    return command


def _names(group: click.Group, before: str = "") -> Iterator[str]:
    for word in group.list_commands(click.Context(group)):
        yield f"{before}{word}"
        command = find_command(f"{before}{word}")
        if isinstance(command, click.Group):
            yield from _names(command, f"{before}{word} ")


EVERY_COMMAND = tuple(_names(cli))
