"""Tell a gate's verdict: to a person, to a program, to GitHub Actions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lean_core.cli.github import append_summary
from lean_core.cli.output import plain, say, shorten, write_json, write_table
from lean_core.errors import UnavailableError

if TYPE_CHECKING:
    from lean_core.registry import CheckResult, Gate

_VERDICTS = {"pass": "passes", "fail": "fails", "unknown": "can't be judged by"}


def report(gate: Gate, *, as_json: bool, is_written: bool) -> None:
    """Print a verdict: what is waived first, then the worst."""
    if as_json:
        write_json(_describe(gate, is_written=is_written))
        return
    write_table(["check", "verdict", "value", "threshold"], [_row(check) for check in gate.checks], longest=None)
    for check in gate.checks:
        if check.verdict != "pass":
            click.echo(f"{_verdict(check):<8} {plain(check.name)}: {plain(check.reason)}")
    for note in gate.notes:
        click.echo(f"{'note':<8} {plain(note)}")
    told = {
        word: sum(_verdict(check) == word for check in gate.checks) for word in ("fail", "unknown", "waived", "pass")
    }
    counts = ", ".join(f"{count} {word}" for word, count in told.items() if count)
    name = plain(f"{gate.model} {gate.version}")
    click.echo(f"{name} {_VERDICTS[gate.verdict]} the gate for {gate.environment}: {counts}")


def _row(check: CheckResult) -> list[str]:
    from lean_core.releases.checks.bounds import show

    value = show(check.value) if isinstance(check.value, float | int) else check.value or ""
    return [check.name, _verdict(check), shorten(value), check.threshold or ""]


def _verdict(check: CheckResult) -> str:
    return check.verdict if check.waived_by is None else "waived"


def _describe(gate: Gate, *, is_written: bool) -> dict[str, object]:
    """Return a verdict for JSON; these keys are a promise to scripts, more may follow them."""
    return {
        "model": gate.model,
        "version": gate.version,
        "environment": gate.environment,
        "verdict": gate.verdict,
        "baseline": gate.baseline,
        "policy_sha256": gate.policy_sha256,
        "evidence_sha256": gate.evidence_sha256,
        "event": gate.id,
        "written": is_written,
        "at": gate.at,
        "actor": gate.actor,
        "notes": list(gate.notes),
        "checks": [_describe_check(check) for check in gate.checks],
    }


def _describe_check(check: CheckResult) -> dict[str, object]:
    return {
        "name": check.name,
        "verdict": check.verdict,
        "waived_by": check.waived_by,
        "value": check.value,
        "threshold": check.threshold,
        "reason": check.reason,
        "evidence": list(check.evidence),
    }


def report_to_github(gate: Gate) -> None:
    """Tell GitHub Actions, where it runs us: annotations, and a summary of the step."""
    from lean_core.releases.reports import render_annotations, render_summary

    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in render_annotations(gate):
            say(line)
    append_summary(lambda most: render_summary(gate, most=most))


def write_junit(gate: Gate, path: Path) -> None:
    """Write a verdict as JUnit's XML.

    Raises:
        UnavailableError: it can't be written.
    """
    from lean_core.releases.reports import render_junit

    try:
        path.write_bytes(render_junit(gate))
    except OSError as error:
        raise UnavailableError(f"{path} can't be written ({error.strerror}): name another file for --junit") from None
