"""`lean-mlops init`: write a lean.toml from what lies in the folder."""

from __future__ import annotations

import os

import click

from lean_core.cli.options import chosen_folder, json_option, workspace_option
from lean_core.cli.output import say, write_json


@click.command("init")
@click.option("--name", help="The workspace's name; else the folder's.")
@json_option
@workspace_option
def command(*, name: str | None, as_json: bool) -> None:
    """Make the folder a workspace: look for MLflow stores, git and lock files, and write a commented lean.toml.

    An existing lean.toml is never overwritten.
    """
