"""What changed between two versions: nine things, each same, changed or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.releases.difference.code import CodeChange, compare_commits
from lean_core.releases.difference.item import ORDER, Item, unknown
from lean_core.releases.difference.made import (
    compare_artifact,
    compare_data,
    compare_metrics,
    compare_packages,
    compare_params,
)
from lean_core.releases.difference.released import compare_approvers, compare_deploy_command, compare_policy
from lean_core.releases.difference.side import Records, Side

NAMES = ("commits", "data", "params", "metrics", "packages", "artifact", "deploy command", "gate policy", "approver")
_OF_RECORDS = NAMES[:6]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the second version differs from the first."""

    model: str
    first: Side
    second: Side
    items: tuple[Item, ...]
    """All of `NAMES`: changed first, then what is not known, then what is the same."""
    code: CodeChange


def compare_versions(first: Side, second: Side, code: CodeChange) -> Difference:
    """Hold two versions against each other."""
    items = [
        *_compare_records(first, second, code),
        compare_deploy_command(first, second),
        compare_policy(first, second),
        compare_approvers(first, second),
    ]
    items.sort(key=lambda item: (ORDER.index(item.status), NAMES.index(item.name)))
    return Difference(model=first.version.model, first=first, second=second, items=tuple(items), code=code)


def _compare_records(first: Side, second: Side, code: CodeChange) -> list[Item]:
    if first.record is None or second.record is None:
        problems = [
            f"The record of {side.name} can't be used: {side.version.problem}."
            for side in (first, second)
            if side.record is None
        ]
        return [unknown(name, " ".join(problems)) for name in _OF_RECORDS]
    records = Records(one=first, other=second, before=first.record, after=second.record)
    return [
        compare_commits(records, code),
        compare_data(records),
        compare_params(records),
        compare_metrics(records),
        compare_packages(records),
        compare_artifact(records),
    ]
