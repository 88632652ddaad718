"""The checkpoint as Markdown, for the summary of a step of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lean_core.cli.evidence import age

if TYPE_CHECKING:
    from lean_core.checkpoint import Check, Checkpoint

_MARKS = {"answered": "✅", "stale": "⌛", "contradicted": "❌", "missing": "❔"}


def render_checkpoints(checkpoints: Sequence[Checkpoint], notes: Sequence[str], *, most: int) -> str:
    """Return a table a model, of at most so many bytes: those that do not fit are left out, and counted.

    What people and records say stands in it as text: no link, no image, no HTML.
    """
    from lean_core.releases.reports import escape

    kept = "".join(f"- **Note:** {escape(note)}\n" for note in notes)
    for done, checkpoint in enumerate(checkpoints):
        text = "\n".join(_lines(checkpoint))
        left_out = f"\n… and {len(checkpoints) - done} more models.\n"
        if len((kept + text + left_out).encode()) > most:
            kept += left_out
            break
        kept += text
    return kept if len(kept.encode()) <= most else ""


def _lines(checkpoint: Checkpoint) -> Iterator[str]:
    from lean_core.releases.reports import escape

    yield f"### Checkpoint: {escape(checkpoint.model)} in {escape(checkpoint.environment)}\n"
    yield f"{escape(checkpoint.verdict)}\n"
    yield "| check | evidence | news | age | answer |\n| --- | --- | --- | --- | --- |"
    for check in checkpoint.checks:
        yield _row(check, checkpoint)
    action = checkpoint.action
    if action is not None:
        command = f" {escape(action.command)}" if action.command else ""
        yield f"\n**Next:** {escape(action.sentence)}{command}"
    yield "\n"


def _row(check: Check, checkpoint: Checkpoint) -> str:
    from lean_core.releases.reports import escape

    mark = "❌" if check.news == "bad" else _MARKS[check.status]
    name = f"{check.number}\\. {check.name}"
    old = age(check.observed_at, checkpoint.at)
    return f"| {name} | {mark} {check.status} | {check.news} | {old} | {escape(check.sentence)} |"
