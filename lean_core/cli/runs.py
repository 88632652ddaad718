"""`lean-mlops runs`: find runs, by the same query as the page *Runs*."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import duration, say, write_json_list, write_table
from lean_core.errors import ExpressionError, FilterError

if TYPE_CHECKING:
    from lean_core.runs import Cell, Run, RunPage

ROWS_IN_A_TABLE = 50
COLUMNS_OF_A_KIND = 4
"""How many metrics, params and tags a table has at most, each."""


class _SortMistake(ExpressionError):
    """A mistake in ``--sort``."""

    language = "--sort"


@click.command("runs")
@click.option(
    "--filter", "condition", metavar="EXPR", default="", help="Such as: metrics.auc > 0.8 and not tags.old = '1'"
)
@click.option("--sort", metavar="KEY", default="start_time desc", show_default=True, help="Such as: metrics.auc desc")
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help=f"{ROWS_IN_A_TABLE} in a table, else all.")
@click.option("--view", type=click.Choice(["active", "deleted", "all"]), default="active", show_default=True)
@json_option
@workspace_option
def command(*, condition: str, sort: str, limit: int | None, view: str, as_json: bool) -> None:
    """Find runs and print them.

    A table shows the metrics, params and tags in which its runs differ; --json prints all that is known of them.
    """
    from lean_core.runs import RunQuery

    key, descending = _order(sort)
    _check_key(key)
    query = RunQuery(
        filter=condition,
        sort=key,
        descending=descending,
        limit=ROWS_IN_A_TABLE if limit is None and not as_json else limit,
        view=view,  # type: ignore[arg-type]  # click checked it
    )
    workbench = open_workbench()
    if as_json:
        found = workbench.refs(query)
        write_json_list(_everything(run) for run in workbench.load_each(found.refs))
        _tell_how_many(len(found.refs), found.total)
    else:
        page = workbench.runs(query)
        _write_page(page)
        _tell_how_many(len(page.runs), page.total)


def _order(sort: str) -> tuple[str, bool]:
    """Return the key, and whether the greatest comes first; ascending unless said otherwise, as in MLflow."""
    match = re.fullmatch(r"(.*\S)\s+(asc|desc)\s*", sort, flags=re.IGNORECASE | re.DOTALL)
    return (match[1], match[2].lower() == "desc") if match else (sort, False)


def _check_key(key: str) -> None:
    """Say of a mistake in the key that it is in ``--sort``: its own error would speak of the filter."""
    from lean_core.runs import parse_key

    try:
        parse_key(key)
    except FilterError as error:
        raise _SortMistake(
            error.problem, text=error.text, start=error.start, end=error.end, expected=error.expected
        ) from None


def _everything(run: Run) -> dict[str, object]:
    """Return a run for JSON. The first twelve keys are a promise to scripts; more may follow them."""
    return {
        "run_id": run.run_id,
        "source": run.source,
        "experiment": run.experiment,
        "name": run.name,
        "status": run.status,
        "start_time": run.start_time,
        "end_time": run.end_time,
        "user": run.user,
        "commit": run.commit,
        "params": run.params,
        "metrics": run.metrics,
        "tags": run.tags,
        "lifecycle": run.lifecycle,
        "gone_at": run.gone_at,
        "parent_run_id": run.parent_run_id,
        "artifact_uri": run.artifact_uri,
        "datasets": [{"name": each.name, "digest": each.digest, "context": each.context} for each in run.inputs],
        "local_tags": run.local_tags,
        "ref": run.ref,
    }


def _write_page(page: RunPage) -> None:
    from lean_core.runs import differing, tabulate

    if not page.runs:
        return
    sheet = tabulate(page.runs, differing(page.runs, most=COLUMNS_OF_A_KIND))
    head = ["run", "experiment", "name", "status", "started (UTC)", "took", *(str(key) for key in sheet.columns)]
    rows = [[*_identity(run), *map(_text, row)] for run, row in zip(page.runs, sheet.rows, strict=True)]
    write_table(head, rows, width=shutil.get_terminal_size().columns if sys.stdout.isatty() else None)


def _identity(run: Run) -> list[str]:
    return [
        run.run_id[:8],
        run.experiment or "",
        run.name or "",
        run.status or "unknown",
        f"{run.start_time:%Y-%m-%d %H:%M}" if run.start_time else "",
        "" if run.seconds is None else duration(run.seconds),
    ]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _tell_how_many(shown: int, total: int) -> None:
    if shown < total:
        say(f"{shown:,} of {total:,} runs; --limit N shows more")
    elif not total:
        say("no run matches; `lean-mlops sync` imports runs, `lean-mlops doctor` says what is there")
