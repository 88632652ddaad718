"""An offline metric has to lie between limits."""

from __future__ import annotations

import math
from dataclasses import replace

from lean_core.registry import CheckResult
from lean_core.releases.checks.bounds import describe_bounds, explain_miss, show
from lean_core.releases.scores import Scores
from lean_core.settings import MetricSettings

_NAMED = 8
"""How many of the metrics that are there a sentence names."""


def check_metric(metric: str, settings: MetricSettings, scores: Scores) -> CheckResult:
    """Judge a metric; missing or not a number is unknown."""
    value = scores.values.get(metric)
    threshold = describe_bounds(settings.min, settings.max)
    result = CheckResult(
        name=f"metrics.{metric}", verdict="unknown", value=value, threshold=threshold, evidence=scores.evidence
    )
    if value is None or math.isnan(value):
        return replace(result, reason=explain_missing(metric, scores))
    said = f"{metric} of {scores.version}"
    miss = explain_miss(value, settings.min, settings.max)
    if miss:
        return replace(result, verdict="fail", reason=f"{said}: {miss}")
    if math.isinf(value):
        return replace(result, reason=f"{said} is infinite: measure it anew")
    return replace(result, verdict="pass", reason=f"{said} is {show(value)}")


def explain_missing(metric: str, scores: Scores) -> str:
    """Say why a version has no number for a metric, and what to do."""
    if metric in scores.values:
        return f"{metric} of {scores.version} is not a number (NaN): measure it anew"
    if scores.problem:
        return f"{metric} of {scores.version} is not known: {scores.problem}"
    names = sorted(scores.values)
    there = ", ".join(names[:_NAMED]) + (", …" if names[_NAMED:] else "") if names else "none"
    return f"{scores.version} has no metric {metric} (it has: {there}): measure it, or correct the name in lean.toml"
