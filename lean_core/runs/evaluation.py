"""Whether runs were evaluated on the same data; without that, no metric makes one better than another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lean_core.runs.run import Input

CONTEXTS = frozenset({"eval", "evaluation", "validation", "valid", "val", "test", "testing", "holdout"})
"""What people say that a dataset was read for when metrics come from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCheck:
    """What is known of the data that runs were evaluated on."""

    state: Literal["same", "different", "unknown"]
    warning: str = ""
    """A sentence for a person; empty when all is the same."""


def different_data(inputs: Mapping[str, Sequence[Input]], metrics: Sequence[str] = ()) -> DataCheck:
    """Say whether runs were evaluated on the same data, by the digests of the datasets they read.

    Args:
        inputs: each run's datasets, by what the run is called. Those read for evaluation or test count; all of them
            do where no run says what a dataset was read for.
        metrics: the metrics that are compared; the warning names them.
    """
    read = {title: _evaluated_on(found, _any_says(inputs)) for title, found in inputs.items()}
    told = {title: found for title, found in read.items() if found and all(one.digest for one in found)}
    if len({frozenset(one.digest for one in found) for found in told.values()}) > 1:
        where = "; ".join(f"{title} on {_name(found)}" for title, found in told.items())
        what = f"{', '.join(metrics)} can't be compared: the" if metrics else "The"
        return DataCheck(state="different", warning=f"{what} runs were evaluated on different data: {where}.")
    silent = [title for title in inputs if title not in told]
    if silent and len(inputs) > 1:
        return DataCheck(
            state="unknown",
            warning=f"Which data {', '.join(silent)} was evaluated on is not recorded, so none is called the best.",
        )
    return DataCheck(state="same")


def _any_says(inputs: Mapping[str, Sequence[Input]]) -> bool:
    return any(_is_evaluation(one) for found in inputs.values() for one in found)


def _is_evaluation(one: Input) -> bool:
    return (one.context or "").strip().lower() in CONTEXTS


def _evaluated_on(found: Sequence[Input], by_context: bool) -> list[Input]:  # noqa: FBT001
    return [one for one in found if not by_context or _is_evaluation(one)]


def _name(found: Sequence[Input]) -> str:
    return " and ".join(sorted({f"{one.name or 'a dataset'} ({one.digest})" for one in found}))
