"""`lean-mlops gate --self-test`: show that a policy can fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from lean_core.cli.exits import ExitCode
from lean_core.cli.output import plain, say, shorten, write_json, write_table

if TYPE_CHECKING:
    from lean_core.releases.policy import Policy
    from lean_core.releases.self_test import Trial
    from lean_core.workbench import Workbench


def try_policies(workbench: Workbench, model: str | None, environment: str | None, *, as_json: bool) -> int:
    """Feed each check of the policies with what must not pass, and show what it said."""
    policies = _choose(workbench, model, environment)
    trials = [(policy, trial) for policy in policies for trial in workbench.try_policy(policy)]
    if as_json:
        write_json([_describe_trial(policy, trial) for policy, trial in trials])
    else:
        rows = [[trial.result.name, shorten(trial.fed), trial.result.verdict, _holds(trial)] for _, trial in trials]
        write_table(["check", "fed with", "said", "holds"], rows, longest=None)
    toothless = [(policy, trial) for policy, trial in trials if not trial.holds]
    for policy, trial in toothless:
        reason = plain(trial.result.reason)
        say(f"{policy.place} {plain(trial.result.name)} said {trial.result.verdict}, not {trial.wanted}: {reason}")
    say(f"{len(trials) - len(toothless)} of {len(trials)} trials were refused, as they must be")
    return ExitCode.NO if toothless else ExitCode.DONE


def _choose(workbench: Workbench, model: str | None, environment: str | None) -> Iterable[Policy]:
    if model is None and environment is None:
        policies = workbench.policies()
        if not policies:
            raise click.UsageError("lean.toml has no gates to test: add [gates.MODEL.ENV] with at least one check")
        return policies
    if model is None or environment is None:
        raise click.UsageError("name both: lean-mlops gate --self-test MODEL --env ENV, or neither for all gates")
    policy = workbench.policy(model, environment)
    if policy is None:
        from lean_core.releases.policy import explain_no_policy

        raise click.UsageError(explain_no_policy(model, environment))
    return [policy]


def _describe_trial(policy: Policy, trial: Trial) -> dict[str, object]:
    return {
        "gate": policy.place,
        "check": trial.result.name,
        "fed": trial.fed,
        "verdict": trial.result.verdict,
        "wanted": trial.wanted,
        "holds": trial.holds,
        "reason": trial.result.reason,
    }


def _holds(trial: Trial) -> str:
    return "yes" if trial.holds else "NO"
