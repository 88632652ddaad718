"""`lean-mlops init`: write a lean.toml from what lies in the folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from lean_core.cli.options import chosen_folder, json_option, workspace_option
from lean_core.cli.output import plain, say, write_json

if TYPE_CHECKING:
    from lean_core.runs.detect import Detected


@click.command("init")
@click.option("--name", metavar="NAME", help="The workspace's name; else the folder's.")
@json_option
@workspace_option
def command(*, name: str | None, as_json: bool) -> None:
    """Make the folder a workspace.

    Looks for MLflow stores, folders of runs, git and lock files, and writes a commented lean.toml. One that is there
    already is never touched.
    """
    from lean_core.runs.detect import detect
    from lean_core.runs.starter import starter_toml
    from lean_core.settings import create_settings, parse_settings

    folder = chosen_folder()
    detected = detect(folder, tracking_uri=os.environ.get("MLFLOW_TRACKING_URI"))
    text = starter_toml(detected, name)
    settings = parse_settings(text, path=folder / "lean.toml")  # a --name that is no name ends here
    path = create_settings(folder, text)
    _tell(detected)
    if as_json:
        write_json({"lean_toml": str(path), "name": settings.workspace.name, "sources": list(settings.sources)})
    else:
        click.echo(plain(str(path)))
    say(
        "next: lean-mlops sync"
        if settings.sources
        else "next: name a source of runs in lean.toml, then lean-mlops sync"
    )


def _tell(detected: Detected) -> None:
    for store in detected.stores:
        say(f"found runs: {plain(str(store))}")
    for sentence in detected.passed_over:
        say(f"passed over: {plain(sentence)}")
    if not detected.stores:
        say("found no runs here")
    say(f"found git: {plain(str(detected.repository))}" if detected.repository else "found no git repository")
    say(f"found lock files: {', '.join(detected.lock_files)}" if detected.lock_files else "found no lock file")
