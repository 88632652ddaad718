"""Open a workspace and hand each area what it needs: the only wiring."""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.workbench.base import STORE_NAME
from lean_core.workbench.checkpoint import CheckpointBench
from lean_core.workbench.runs import RUNS_AT_ONCE

__all__ = ["RUNS_AT_ONCE", "STORE_NAME", "Workbench"]


@dataclass(frozen=True, kw_only=True)
class Workbench(CheckpointBench):
    """A workspace, open. Nothing is held between two calls."""
