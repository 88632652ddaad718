"""Whether two versions were evaluated on the same data; without that, no metric makes one better than the other."""

from __future__ import annotations

from collections.abc import Sequence

from lean_core.registry import Data
from lean_core.releases.scores import Scores

EVALUATION = frozenset({"eval", "evaluation", "validation", "valid", "val", "test", "testing", "holdout"})
"""What people say that data was read for when metrics come from it; runs are compared by the same words."""


def explain_difference(one: Scores, other: Scores, *, named: str | None) -> str:
    """Say why two versions can't be compared; empty where both were evaluated on data of the same digests.

    Args:
        one: a version.
        other: another one.
        named: the name of the evaluation data in their records; None: what was read for evaluation, or is called so.
    """
    for scores in (one, other):
        found = _evaluated_on(scores.data, named)
        if not found:
            wanted = named or "test"
            return (
                f"which data {scores.version} was evaluated on is not recorded:"
                f" register versions with --data {wanted}=REF, or name another one under evaluated_on"
            )
        silent = [data.name for data in found if not data.digest]
        if silent:
            return f"the record of {scores.version} has no digest of its evaluation data ({', '.join(silent)})"
    ours, theirs = _evaluated_on(one.data, named), _evaluated_on(other.data, named)
    if {data.digest for data in ours} == {data.digest for data in theirs}:
        return ""
    return (
        f"{one.version} and {other.version} were evaluated on different data"
        f" ({_name(ours)} and {_name(theirs)}): measure both on the same"
    )


def _evaluated_on(data: Sequence[Data], named: str | None) -> list[Data]:
    if named is not None:
        return [each for each in data if each.name == named]
    read_for = [each for each in data if (each.context or "").strip().lower() in EVALUATION]
    return read_for or [each for each in data if not each.context and each.name.strip().lower() in EVALUATION]


def _name(data: Sequence[Data]) -> str:
    return ", ".join(sorted(f"{each.name} {(each.digest or '').removeprefix('sha256:')[:12]}" for each in data))
