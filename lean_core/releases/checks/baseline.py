"""A metric against that of another version, or against a number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from lean_core.registry import CheckResult
from lean_core.releases.checks.bounds import exact, show
from lean_core.releases.checks.metric import explain_missing
from lean_core.releases.checks.noise import Noise, find_noise, spread_of
from lean_core.releases.checks.same_data import explain_difference
from lean_core.releases.scores import Scores
from lean_core.settings import BaselineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBaseline:
    """There is nothing to compare with."""

    reason: str
    """Why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How much of a change is allowed or asked for."""

    amount: Decimal
    relative: bool
    """Whether it is a share of the baseline."""

    def of(self, baseline: float) -> Decimal:
        """Return the change in the unit of the metric."""
        return self.amount * abs(exact(baseline)) if self.relative else self.amount


def read_change(written: float | str) -> Change:
    """Return what ``0.01`` or ``"2%"`` says."""
    if isinstance(written, str):
        return Change(amount=Decimal(written.removesuffix("%")) / 100, relative=True)
    return Change(amount=exact(written), relative=False)


def check_baseline(
    metric: str, settings: BaselineSettings, scores: Scores, baseline: Scores | float | NoBaseline
) -> CheckResult:
    """Judge a metric by what it is compared with; what can't be compared is unknown.

    The gain is the difference to the baseline in the metric's better direction. It has to be at least
    ``min_improvement`` and beyond the noise, or its loss at most ``max_regression``. Sums are of exact decimals.
    """
    value = scores.values.get(metric)
    result = CheckResult(
        name=f"baseline.{metric}",
        verdict="unknown",
        value=value,
        threshold=_threshold(settings),
        evidence=(*scores.evidence, *(baseline.evidence if isinstance(baseline, Scores) else ())),
    )
    obstacle = _obstacle(metric, settings, scores, baseline)
    if obstacle or value is None or isinstance(baseline, NoBaseline):
        return replace(result, reason=obstacle)
    if isinstance(baseline, Scores):
        base, against = baseline.values[metric], f"that of {baseline.version}, "
        noise = find_noise(spread_of(metric, scores.values), spread_of(metric, baseline.values))
    else:
        base, against = baseline, ""
        noise = find_noise(spread_of(metric, scores.values), None)
    passed, said = _judge(value, base, settings, noise)
    sentence = f"{metric} of {scores.version}, {show(value)}, against {against}{show(base)}: {said}"
    return replace(result, verdict="pass" if passed else "fail", reason=sentence)


def _judge(value: float, base: float, settings: BaselineSettings, noise: Noise | None) -> tuple[bool, str]:
    gain = exact(value) - exact(base)
    if settings.direction == "lower":
        gain = -gain
    said = f"{'better' if gain > 0 else 'worse'} by {show(abs(float(gain)))}" if gain else "the same"
    within = noise is not None and abs(gain) <= exact(noise.margin)
    if noise is not None:
        said += f", {'within' if within else 'beyond'} noise ({noise.sentence})"
    if settings.min_improvement is None:
        return -gain <= read_change(settings.max_regression or 0.0).of(base), said
    enough = gain >= read_change(settings.min_improvement).of(base)
    return enough and not within, f"{said}, which counts as no improvement" if enough and within else said


def _obstacle(metric: str, settings: BaselineSettings, scores: Scores, baseline: Scores | float | NoBaseline) -> str:
    """Return why the two can't be compared, or nothing."""
    if isinstance(baseline, NoBaseline):
        return baseline.reason
    for each in (scores, baseline) if isinstance(baseline, Scores) else (scores,):
        found = each.values.get(metric)
        if found is None or math.isnan(found):
            return explain_missing(metric, each)
        if math.isinf(found):
            return f"{metric} of {each.version} is infinite: measure it anew"
    if isinstance(baseline, Scores) and baseline.version != scores.version:
        difference = explain_difference(scores, baseline, named=settings.evaluated_on)
        if difference:
            return f"{metric} can't be compared: {difference}"
    base = baseline.values[metric] if isinstance(baseline, Scores) else baseline
    written = settings.max_regression if settings.min_improvement is None else settings.min_improvement
    if base == 0 and isinstance(written, str):
        return f"{metric} of the baseline is 0, of which {written} says nothing: write a number in place of a share"
    return ""


def _threshold(settings: BaselineSettings) -> str:
    against = settings.against if isinstance(settings.against, str) else show(settings.against)
    if settings.min_improvement is not None:
        return f"better than {against} by {_say(settings.min_improvement)}"
    if settings.max_regression in {0.0, "0%"}:
        return f"no worse than {against}"
    return f"worse than {against} by at most {_say(settings.max_regression or 0.0)}"


def _say(change: float | str) -> str:
    return change if isinstance(change, str) else show(change)
