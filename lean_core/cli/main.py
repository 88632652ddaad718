"""The command's entry: options that every command shares, and commands that are imported when they are called."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import click

from lean_core import __version__
from lean_core.cli.exits import PROGRAM, ReaderLeft, guard
from lean_core.cli.options import workspace_option

COMMANDS = (
    "init",
    "sync",
    "runs",
    "register",
    "adopt",
    "gate",
    "approve",
    "attest",
    "waive",
    "withdraw",
    "deploy",
    "rollback",
    "drill",
    "live",
    "changed",
    "trail",
    "demo",
    "doctor",
)


class LazyGroup(click.Group):
    """A group whose commands lie in modules of their own names."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"lean_core.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> int | None:
        """Run a command."""
        try:
            code: int | None = super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderLeft from None
        return code


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 no, 2 usage or settings, 3 could not (busy, unreachable, unreadable),"
    " 4 evidence is unknown.",
)
@workspace_option
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Import MLflow runs into a workspace, find and compare them."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal of another encoding shows what it can
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return guard(partial(cli.main, list(arguments), prog_name=PROGRAM, standalone_mode=False))
