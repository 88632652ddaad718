"""Facts about the five checks themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lean_core.checkpoint.check import Checkpoint
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.fact import Fact
from lean_core.checkpoint.names import join


def facts_of_checks(checkpoints: Sequence[Checkpoint]) -> Iterator[Fact]:
    """Yield how each model stands."""
    for each in checkpoints:
        evidence = Evidence(
            claim=each.verdict, value=each.score, source=f"checkpoint:{each.model}", kind="derived", observed_at=each.at
        )
        answered = sum(check.status == "answered" for check in each.checks)
        yield Fact(
            name=join("checks", each.model, "answered"),
            value=answered,
            meaning=f"how many of the five checks are answered for {each.model} in {each.environment}",
            evidence=evidence,
        )
        yield Fact(
            name=join("checks", each.model, "score"),
            value=each.score,
            meaning=f"the score of the weakest check of {each.model}: 0, 0.5 or 1",
            evidence=evidence,
        )
