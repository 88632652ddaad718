"""A group of commands that are imported when they are called, so that the rest starts fast."""

from __future__ import annotations

import importlib
import keyword

import click

from lean_core.cli.exits import ReaderLeft


class LazyGroup(click.Group):
    """A group whose commands lie in modules of their own names: `import` in ``import_.py``."""

    package: str
    """Where the modules are."""
    names: tuple[str, ...]
    """The commands, in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self.names:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"{self.package}.{module}").command
        return command

    def invoke(self, ctx: click.Context) -> int | None:
        """Run a command."""
        try:
            code: int | None = super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderLeft from None
        return code
