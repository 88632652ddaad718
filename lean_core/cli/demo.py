"""`lean-mlops demo`: a workspace to try everything on."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.options import explicit_folder, json_option, workspace_option
from lean_core.cli.output import plain, say, write_json
from lean_core.cli.progress import Progress

_NEXT = {
    "checkpoint": "how ready the two models are",
    "debt list": "the shortcuts, what hurts most first",
    "live": "what is live where, and on what it rests",
    "gate churn 3 --env prod": "why a version did not pass",
    "trail churn": "all that happened",
}


@click.command("demo")
@click.argument("folder", required=False)
@json_option
@workspace_option
def command(*, folder: str | None, as_json: bool) -> int:
    """Train a small model several times, log the runs with MLflow, and make FOLDER (demo) a workspace of them.

    Three versions of it are registered, judged by gates and deployed, beside a model that a colleague left; eight
    shortcuts are in the debt log. FOLDER must be new or empty.
    """
    from lean_core.demo import create_demo
    from lean_core.workbench import Workbench

    with Progress() as progress:
        demo = create_demo(
            Path(folder or explicit_folder() or "demo"),
            progress=lambda sentence, done: progress.show(sentence, done=done),
        )
        reports = Workbench.open(demo.folder).sync(progress=progress.tell)
    failed = [report for report in reports if report.error]
    for report in failed:
        say(f"{report.source}: {plain(report.error or '')}")
    runs = sum(report.imported for report in reports)
    if as_json:
        write_json({"folder": str(demo.folder), "runs": runs})
    else:
        click.echo(plain(str(demo.folder)))
    where = shlex.quote(str(demo.folder))
    say(f"{runs} runs imported; next: lean-mlops runs --workspace {where}")
    for arguments, what in _NEXT.items():
        say(f"lean-mlops {arguments} --workspace {where}  # {what}")
    return ExitCode.COULD_NOT if failed else ExitCode.DONE
