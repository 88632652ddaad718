"""`lean-mlops debt review`: say that somebody went through the whole log."""

from __future__ import annotations

import click

from lean_core.cli.options import by_option, json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json


@click.command("review")
@click.option("--note", metavar="TEXT", default="", help="What you have to say.")
@by_option
@json_option
@workspace_option
def command(*, note: str, by: str | None, as_json: bool) -> None:
    """Say that you went through the debt log as a whole: the fifth check of the checkpoint rests on it for a while.

    What is missing in the log is told; it does not keep the review from counting.
    """
    from lean_core import clock
    from lean_core.debt import find_gaps

    workbench = open_workbench()
    items = [item for item in workbench.debt_items() if not item.ended]
    for item in items:
        for gap in find_gaps(item, today=clock.now().date()):
            say(plain(f"missing: {item.id}: {gap.sentence}"))
    review = workbench.review_debt(actor=workbench.actor(by), note=note)
    if as_json:
        write_json(
            {
                "reviewed_at": review.reviewed_at,
                "reviewed_by": review.reviewed_by,
                "note": review.note,
                "open_items": review.open_items,
            }
        )
        return
    shortcuts = "1 open shortcut" if review.open_items == 1 else f"{review.open_items} open shortcuts"
    click.echo(plain(f"{review.reviewed_by} reviewed the debt log: {shortcuts}."))
