"""Models by environments: what is declared live, and what the running systems say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lean_core.releases.history import environments_in
from lean_core.releases.probes import Observation
from lean_core.releases.state import EnvironmentState, fold_environment
from lean_core.releases.trail import KnownTrail


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One model in one environment."""

    state: EnvironmentState
    observation: Observation | None
    """None where nobody asked."""

    @property
    def drift(self) -> bool | None:
        """Whether the running system contradicts the trail; None where that is not known."""
        if self.observation is None or self.observation.state == "unobservable":
            return None
        return self.observation.state != "agree"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One model."""

    model: str
    cells: tuple[MatrixCell, ...]
    """One an environment, in the order of the matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All models in all environments."""

    environments: tuple[str, ...]
    """In promotion order; after those, what trails name and the settings don't."""
    rows: tuple[MatrixRow, ...]


def build_matrix(
    trails: Iterable[KnownTrail], *, order: Iterable[str], observations: Mapping[tuple[str, str], Observation]
) -> Matrix:
    """Put models and environments side by side.

    Args:
        trails: one a model.
        order: the environments of the settings, in promotion order.
        observations: what probes saw, by model and environment.
    """
    known = list(trails)
    others = sorted({name for trail in known for name in environments_in(trail)})
    environments = tuple(dict.fromkeys([*order, *others]))
    rows = tuple(
        MatrixRow(
            model=trail.model,
            cells=tuple(
                MatrixCell(state=fold_environment(trail, name), observation=observations.get((trail.model, name)))
                for name in environments
            ),
        )
        for trail in known
    )
    return Matrix(environments=environments, rows=rows)
