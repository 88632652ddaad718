"""Markdown for GitHub's step summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lean_core.registry import CheckResult, Gate
from lean_core.releases.checks.bounds import show

SUMMARY_BYTES = 1024 * 1024
"""What GitHub takes of a step, at most; a longer one is not shown at all."""
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&:$^=\"'-])")
_WORDS = {"pass": "passed", "fail": "failed", "unknown": "could not be judged"}
_MARKS = {"pass": "✅", "fail": "❌", "unknown": "❔"}


def render_summary(gate: Gate, *, most: int = SUMMARY_BYTES) -> str:
    """Return a verdict as Markdown of at most so many bytes, waivers first.

    What people, files and settings say stands in it as text: no link, no image, no HTML.
    """
    head = "\n".join(_head(gate))
    foot = f"\nPolicy `{gate.policy_sha256[:12]}`, event `{_plain(gate.id)}`.\n"
    rows = [_row(check) for check in gate.checks]
    room = most - len(head.encode()) - len(foot.encode()) - len(_left_out(len(rows)).encode())
    kept = []
    for row in rows:
        room -= len(row.encode())
        if room < 0:
            break
        kept.append(row)
    cut = "" if len(kept) == len(rows) else _left_out(len(rows) - len(kept))
    text = head + "".join(kept) + cut + foot
    return text if len(text.encode()) <= most else ""


def _head(gate: Gate) -> Iterator[str]:
    what = escape(f"{gate.model} {gate.version}")
    yield f"### {_MARKS[gate.verdict]} Gate: {what} {_WORDS[gate.verdict]} for {escape(gate.environment or '')}\n"
    for check in gate.checks:
        if check.waived_by is not None:
            yield f"- **Waived:** {escape(check.name)}: {escape(check.reason)}"
    for note in gate.notes:
        yield f"- **Note:** {escape(note)}"
    against = f"Compared with {escape(gate.baseline)}. " if gate.baseline else ""
    yield f"\n{against}Asked by {escape(gate.actor)} on {gate.at:%Y-%m-%d %H:%M} UTC.\n"
    yield "| check | verdict | value | threshold | why |\n| --- | --- | --- | --- | --- |\n"


def _row(check: CheckResult) -> str:
    verdict = f"{_MARKS[check.verdict]} {check.verdict}" + (" (waived)" if check.waived_by is not None else "")
    cells = (check.name, _value(check), check.threshold or "", check.reason)
    name, value, threshold, why = map(escape, cells)
    return f"| {name} | {verdict} | {value} | {threshold} | {why} |\n"


def _value(check: CheckResult) -> str:
    return show(check.value) if isinstance(check.value, float | int) else check.value or ""


def _left_out(count: int) -> str:
    return f"\n… and {count} more checks: see the event, or `--json`.\n"


def escape(text: str) -> str:
    """Return a text as Markdown that shows just that text, in one line."""
    return _PUNCTUATION.sub(r"\\\1", _plain(text))


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
