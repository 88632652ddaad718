"""Annotations: lines by which GitHub Actions shows a check beside the job."""

from __future__ import annotations

from lean_core.registry import CheckResult, Gate

MOST = 10
"""GitHub shows no more of a kind in one step."""
_KINDS = {"fail": "error", "unknown": "warning"}


def render_annotations(gate: Gate) -> list[str]:
    """Return the lines: failures as errors, what is unknown as warnings, waivers as notices; the worst first."""
    kinds: dict[str, list[CheckResult]] = {"error": [], "warning": [], "notice": []}
    for check in gate.checks:
        if check.waived_by is not None:
            kinds["notice"].append(check)
        elif check.verdict in _KINDS:
            kinds[_KINDS[check.verdict]].append(check)
    title = f"Gate {gate.model} {gate.version} for {gate.environment}"
    return [line for kind, checks in kinds.items() for line in _lines(kind, title, checks)]


def _lines(kind: str, title: str, checks: list[CheckResult]) -> list[str]:
    shown = checks if len(checks) <= MOST else checks[: MOST - 1]
    told = [(check.name, check.reason) for check in shown]
    if len(shown) < len(checks):
        rest = checks[len(shown) :]
        told.append((f"{len(rest)} more", ", ".join(check.name for check in rest)))
    return [f"::{kind} title={_property(f'{title}: {name}')}::{_data(reason)}" for name, reason in told]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
