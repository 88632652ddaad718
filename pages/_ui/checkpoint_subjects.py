"""What a person can speak for where nothing that can be opened does: the subjects of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.checkpoint.names import join
from lean_core.debt import BLOCKED

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint


def list_subjects(checkpoint: Checkpoint) -> dict[str, str]:
    """Return the subjects that a model's checks ask for, each with what it is."""
    model = checkpoint.model
    found = {join("debt", "none", need): f"5 · No shortcut blocks the next {_NEEDS[need]}" for need in BLOCKED}
    for tells in ("broken", "stale"):
        found[join("signal", model, tells)] = f"4 · How we would notice that {model} is {tells}"
    found[join("console", model)] = f"3 · Settings of {model} that are made in a console only, or that there are none"
    if checkpoint.live is not None:
        for what in ("code", "data", "metrics", "run"):
            subject = join("provenance", model, checkpoint.live, what)
            found[subject] = f"2 · The {what} that made {model} {checkpoint.live}"
    return found


_NEEDS = {"migration": "migration", "customer": "customer", "compliance": "compliance need"}
