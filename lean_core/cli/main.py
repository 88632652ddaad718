"""The command's entry: options that every command shares, and commands that are imported when they are called."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import click

from lean_core import __version__
from lean_core.cli.exits import PROGRAM, guard
from lean_core.cli.group import LazyGroup
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
    "beat",
    "signals",
    "grafana",
    "checkpoint",
    "claim",
    "facts",
    "debt",
    "demo",
    "doctor",
)


class _Commands(LazyGroup):
    package = "lean_core.cli"
    names = COMMANDS


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 no, 2 usage or settings, 3 could not (busy, unreachable, unreadable),"
    " 4 evidence is unknown.",
)
@workspace_option
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Tell from evidence what is live, why it changed, and what will hurt next.

    Import runs from MLflow, keep models in a registry, let only versions that pass a gate into production, ask the five
    questions of the checkpoint, and keep a log of shortcuts that speak up when their time has come.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal of another encoding shows what it can
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    return guard(partial(cli.main, list(arguments), prog_name=PROGRAM, standalone_mode=False))
