"""What is expected of a table: a step of pointblank, its verdict, and a table that breaks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lean_core.registry import Answer

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from pointblank import Validate

Columns = Mapping[str, Sequence[object]]
"""A small table: its columns with their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is looked at."""

    table: ir.Table
    reference: ir.Table | None = None
    """Of which the table must hold no row."""
    now: dt.datetime
    """Naive UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a step came to."""

    verdict: Answer
    value: float | str | None
    reason: str


class Expectation(Protocol):
    """One thing that is expected of a table."""

    @property
    def name(self) -> str:
        """What it is called within its table."""

    @property
    def threshold(self) -> str:
        """What is allowed, in words."""

    def plan(self, validate: Validate, tables: Tables) -> Validate:
        """Add the steps to a validation."""

    def judge(self, steps: Sequence[Any], tables: Tables) -> Found:
        """Judge by the steps, all of which could run."""

    def broken(self, now: dt.datetime) -> tuple[Columns, Columns]:
        """Return a table, and a reference for it, that don't meet it."""


def none_may_fail(step: Any, said: str) -> Found:  # noqa: ANN401 - pointblank ships no types
    """Judge a step that no row may fail."""
    return Found(
        verdict="fail" if step.n_failed else "pass", value=float(step.n_failed), reason=f"{said} in {share(step)}"
    )


def share(step: Any) -> str:  # noqa: ANN401
    """Say how many rows failed a step."""
    return f"{step.n_failed:,} of {step.n:,} rows"
