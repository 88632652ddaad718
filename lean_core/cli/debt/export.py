"""`lean-mlops debt export`: the log as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say
from lean_core.errors import UnavailableError

if TYPE_CHECKING:
    from lean_core.workbench.debt import Form

_FORMS: tuple[Form, ...] = ("md", "csv", "json")


@click.command("export")
@click.option("--format", "form", type=click.Choice(_FORMS), help="Else by the file's ending, else md.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Else to stdout.")
@json_option
@workspace_option
def command(*, form: Form | None, output: Path | None, as_json: bool) -> None:
    """Write the whole log as Markdown that reads well on GitHub, as CSV or as JSON (--json, too).

    `lean-mlops debt import` reads each of them back as it was, so the log can live in git as well.
    """
    if as_json and form not in {None, "json"}:
        raise click.UsageError("--json and --format name two formats: use one of them")
    ending = output.suffix.lower().removeprefix(".") if output else ""
    by_ending: Form = next((each for each in _FORMS if each == ending), "md")
    text = open_workbench().export_debt("json" if as_json else form or by_ending)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UnavailableError(
            f"{output} can't be written ({error.strerror}): name another file for --output"
        ) from None
    say(plain(f"the log is in {output}"))
