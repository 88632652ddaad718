"""The facts: what is known now, flat and typed, each with its evidence. docs/facts.md lists them."""

from lean_core.checkpoint.facts.checks import facts_of_checks
from lean_core.checkpoint.facts.claims import facts_of_claims
from lean_core.checkpoint.facts.debt import FIRED, fact_of_triggers, facts_of_debt
from lean_core.checkpoint.facts.jobs import facts_of_jobs
from lean_core.checkpoint.facts.releases import facts_of_releases
from lean_core.checkpoint.facts.repository import facts_of_repository
from lean_core.checkpoint.facts.runs import facts_of_runs
from lean_core.checkpoint.facts.signals import facts_of_signals

__all__ = [
    "FIRED",
    "fact_of_triggers",
    "facts_of_checks",
    "facts_of_claims",
    "facts_of_debt",
    "facts_of_jobs",
    "facts_of_releases",
    "facts_of_repository",
    "facts_of_runs",
    "facts_of_signals",
]
