"""What a look at everything found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lean_core.checkpoint.check import Checkpoint
from lean_core.checkpoint.fact import Fact
from lean_core.checkpoint.ml_test import MlTestScore
from lean_core.debt.trigger import TriggerState
from lean_core.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The five checks of every model, the facts, and the triggers, at one moment."""

    at: dt.datetime
    """Naive UTC."""
    checkpoints: tuple[Checkpoint, ...]
    facts: tuple[Fact, ...]
    triggers: tuple[TriggerState, ...]
    signals: tuple[Signal, ...] = ()
    """Those that are declared, by their last readings, and the heartbeats of jobs."""
    ml_tests: tuple[MlTestScore, ...] = ()
    """Of each model, where lean.toml asks for it."""
    notes: tuple[str, ...] = ()
    """What could not be read, or not be recorded: sentences."""

    def checkpoint(self, model: str) -> Checkpoint | None:
        """Return a model's checks."""
        return next((each for each in self.checkpoints if each.model == model), None)
