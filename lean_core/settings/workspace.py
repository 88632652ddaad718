"""Which folder is the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lean_core.errors import NoWorkspace

FILE_NAME = "lean.toml"
ENVIRONMENT_VARIABLE = "LEAN_WORKSPACE"


def find_workspace(explicit: str | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of the workspace: ``--workspace``, else LEAN_WORKSPACE, else the current folder.

    Raises:
        NoWorkspace: there is no lean.toml in it.
    """
    folder, origin = choose_folder(explicit, environ)
    if not (folder / FILE_NAME).is_file():
        what = f"there is no {FILE_NAME} in {folder}" if folder.is_dir() else f"there is no folder {folder}"
        raise NoWorkspace(
            f"{what} ({origin}): go to a workspace, write a {FILE_NAME} with `lean-mlops init`,"
            " or make an example with `lean-mlops demo`"
        )
    return folder


def choose_folder(explicit: str | None, environ: Mapping[str, str]) -> tuple[Path, str]:
    """Return the folder that is meant, whether or not it is a workspace yet, and who named it."""
    named, origin = explicit, "--workspace"
    if not named:
        named, origin = environ.get(ENVIRONMENT_VARIABLE), ENVIRONMENT_VARIABLE
    if not named:
        named, origin = ".", "the current folder"
    try:
        return Path(named).absolute(), origin
    except FileNotFoundError:
        raise NoWorkspace("the current folder no longer exists: go to one that does") from None
