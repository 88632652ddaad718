"""Options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_Command = TypeVar("_Command", bound=Callable[..., Any])
_WORKSPACE = "lean_core.workspace"


def workspace_option(command: _Command) -> _Command:
    """Add ``--workspace``, which may stand before or after the command's name."""
    return click.option(
        "--workspace",
        metavar="PATH",
        expose_value=False,
        callback=_remember,
        help="The workspace's folder; else LEAN_WORKSPACE, else the current folder.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


# Gates


def environment_option(command: _Command) -> _Command:
    """Add ``--env``."""
    return click.option(
        "--env", "environment", metavar="ENV", required=True, help="The environment, such as prod (see lean.toml)."
    )(command)


def by_option(command: _Command) -> _Command:
    """Add ``--by``."""
    return click.option("--by", metavar="NAME", help="Who says so; else git's user, else the account.")(command)


def chosen_folder() -> Path:
    """Return the folder that is meant, whether or not it is a workspace yet."""
    from lean_core.settings import choose_folder

    return choose_folder(explicit_folder(), os.environ)[0]


def workspace_folder() -> Path:
    """Return the folder of the workspace."""
    from lean_core.settings import find_workspace

    return find_workspace(explicit_folder(), os.environ)


def open_workbench() -> Workbench:
    """Open the workspace."""
    from lean_core.workbench import Workbench

    return Workbench.open(workspace_folder())


def explicit_folder() -> str | None:
    """Return what ``--workspace`` says."""
    path: str | None = click.get_current_context().meta.get(_WORKSPACE)
    return path


def _remember(ctx: click.Context, _: click.Parameter, path: str | None) -> None:
    if path is not None:
        ctx.meta[_WORKSPACE] = path
