"""`lean-mlops changed`: what changed between two versions, or two dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lean_core.cli.options import json_option, open_workbench, workspace_option
from lean_core.cli.output import plain, say, write_json
from lean_core.cli.releases import difference_lines
from lean_core.errors import UsageError

if TYPE_CHECKING:
    from lean_core.releases import KnownTrail
    from lean_core.releases.difference import Chosen, CodeChange, Difference, ReviewedCommit

_COMMITS = 20
"""So many are shown; --json has all that git was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the command line says."""

    model: str
    versions: tuple[str, ...]
    env: str | None
    begin: str | None
    end: str | None
    with_diff: bool
    as_json: bool


@click.command("changed")
@click.argument("model")
@click.argument("versions", nargs=-1, metavar="[V1 V2]")
@click.option("--env", metavar="ENV", help="The environment that is meant; else the last in promotion order.")
@click.option("--from", "begin", metavar="DATE", help="In place of V1: what was live on that date.")
@click.option("--to", "end", metavar="DATE", help="In place of V2: what was live on that date; else what is live now.")
@click.option("--diff", "with_diff", is_flag=True, help="Show what changed in the code, too.")
@json_option
@workspace_option
def command(**said: Any) -> None:  # noqa: ANN401 - click's values, which the class above names
    """Say what changed from version V1 of MODEL to V2, or between what was live on two dates.

    Without either, from what was live before to what is live now. Commits, data, params, metrics, packages, artifact,
    deploy command, gate policy and approver are each changed, unknown or same.
    """
    given = _Said(**said)
    names, dates = given.versions, (given.begin, given.end)
    if (names and any(dates)) or len(names) not in {0, 2} or (given.end and not given.begin):
        raise click.UsageError("name two versions, or --from DATE (and --to DATE), or neither")
    workbench = open_workbench()
    environment = workbench.check_environment(given.env or workbench.settings.environments.order[-1])
    trail = workbench.trail(given.model)
    difference = workbench.difference(trail, _pair(trail, environment, names, dates), environment)
    if given.as_json:
        write_json(_describe(difference, environment, with_diff=given.with_diff))
        return
    for line in _lines(difference, environment):
        click.echo(line)
    if given.with_diff and difference.code.diff is not None:
        click.echo(_printable(difference.code.diff.text), nl=False)
        if difference.code.diff.cut:
            say("the diff is cut: `git diff` shows all of it")


def _pair(
    trail: KnownTrail, environment: str, versions: tuple[str, ...], dates: tuple[str | None, str | None]
) -> tuple[Chosen, Chosen]:
    from lean_core.releases import find_intervals
    from lean_core.releases.difference import Chosen

    if versions:
        return Chosen(version=versions[0]), Chosen(version=versions[1])
    if dates[0] is not None:
        return _by_date(trail, environment, dates[0]), _by_date(trail, environment, dates[1] or "now")
    intervals = find_intervals(trail, environment)[-2:]
    if len(intervals) < 2:  # noqa: PLR2004 - before and now
        raise UsageError(
            f"fewer than two versions of {trail.model} served {environment}: name two versions to be compared"
        )
    before, now = (Chosen(version=each.version, deployment=each.last) for each in intervals)
    return before, now


def _by_date(trail: KnownTrail, environment: str, written: str) -> Chosen:
    from lean_core import clock
    from lean_core.releases import read_span
    from lean_core.releases.difference import choose_by_date

    chosen = choose_by_date(trail, environment, read_span(written, now=clock.now()))
    if chosen is None:
        raise UsageError(f"nothing was declared live of {trail.model} in {environment} on {written}: name a later date")
    return chosen


def _lines(difference: Difference, environment: str) -> Iterator[str]:
    yield plain(f"{difference.model} {difference.first.name} → {difference.second.name}, released to {environment}")
    yield from difference_lines(difference, statuses=("changed", "unknown", "same"))
    commits = difference.code.commits
    for commit in commits[:_COMMITS]:
        yield f"  {plain(_commit_line(commit))}"
    if len(commits) > _COMMITS:
        yield f"  and {len(commits) - _COMMITS} more"


def _commit_line(commit: ReviewedCommit) -> str:
    marks = [f"AI: {', '.join(commit.assistants)}"] if commit.assistants else []
    if not commit.is_merge:
        marks.append(f"reviewed: {commit.review.answer}, {commit.review.reason}")
    told = f"{commit.sha[:10]} {commit.time:%Y-%m-%d} {commit.author}: {commit.subject}"
    return f"{told} (only in {commit.only_in}; {'; '.join(marks) or 'a merge'})"


def _describe(difference: Difference, environment: str, *, with_diff: bool) -> dict[str, object]:
    return {
        "model": difference.model,
        "environment": environment,
        "first": difference.first.name,
        "second": difference.second.name,
        "items": [
            {
                "name": item.name,
                "status": item.status,
                "sentence": item.sentence,
                "values": [
                    {
                        "key": value.key,
                        "status": value.status,
                        "before": value.before,
                        "after": value.after,
                        "remark": value.remark,
                    }
                    for value in item.values
                ],
            }
            for item in difference.items
        ],
        "code": _describe_code(difference.code, with_diff=with_diff),
    }


def _describe_code(code: CodeChange, *, with_diff: bool) -> dict[str, object]:
    files = code.diff.files if code.diff else ()
    return {
        "problem": code.problem,
        "cut": code.cut,
        "commits": [
            {
                "sha": commit.sha,
                "author": commit.author,
                "time": commit.time,
                "subject": commit.subject,
                "only_in": commit.only_in,
                "assistants": commit.assistants,
                "merge": commit.is_merge,
                "reviewed": commit.review.answer,
                "review": commit.review.reason,
            }
            for commit in code.commits
        ],
        "files": [{"path": each.path, "added": each.added, "removed": each.removed} for each in files],
        **({"diff": code.diff.text if code.diff else None} if with_diff else {}),
    }


def _printable(text: str) -> str:
    """Return a diff, whose lines stay lines, without codes that a terminal would obey."""
    return "\n".join("\t".join(plain(part) for part in line.split("\t")) for line in text.split("\n"))
