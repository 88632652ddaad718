"""Show that a policy can fail: every check of it is fed something that must not pass."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from lean_core.registry import Answer, Approval, CheckResult, Data
from lean_core.releases.case import Reach
from lean_core.releases.checks.approvals import check_approvals, judge_approvals
from lean_core.releases.checks.baseline import check_baseline, read_change
from lean_core.releases.checks.bounds import exact, show
from lean_core.releases.checks.business import Reading, check_business
from lean_core.releases.checks.checklist import check_item
from lean_core.releases.checks.data import feed_broken
from lean_core.releases.checks.expectations import expectations_of
from lean_core.releases.checks.metric import check_metric
from lean_core.releases.checks.transformation import check_transformation
from lean_core.releases.policy import Policy
from lean_core.releases.scores import Scores
from lean_core.settings import (
    ApprovalSettings,
    BaselineSettings,
    BusinessSettings,
    DataSettings,
    TransformationSettings,
)

_SAME = (Data(name="test", ref="test.parquet", digest="the same"),)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a check did with something that it must not let through."""

    fed: str
    """What it was fed."""
    wanted: Answer
    """``fail``, or ``unknown`` where that is what a missing thing is."""
    result: CheckResult

    @property
    def holds(self) -> bool:
        """Whether the check said what it must say."""
        return self.result.verdict == self.wanted


def try_policy(policy: Policy, reach: Reach, *, now: dt.datetime) -> Iterator[Trial]:
    """Feed every check of a policy, by the code that judges versions, with what must not pass.

    Nothing of the registry is read or written, and nothing of the workspace but its Python.
    """
    settings = policy.settings
    for metric, wanted in settings.metrics.items():
        for bound, sign in ((wanted.min, -1), (wanted.max, 1)):
            if bound is not None:
                value = _beyond(bound, sign)
                result = check_metric(metric, wanted, _score(metric, value))
                yield Trial(fed=f"{metric} = {show(value)}", wanted="fail", result=result)
        yield Trial(fed=f"no {metric}", wanted="unknown", result=check_metric(metric, wanted, Scores(version="fed")))
    for metric, compared in settings.baseline.items():
        yield _try_baseline(metric, compared)
    for name, data in settings.data.items():
        yield from _try_data(name, data, now)
    for name, test in settings.transformation.items():
        yield _try_transformation(name, test, reach)
    for name, signal in settings.business.items():
        yield _try_business(name, signal, now.date())
    for item in settings.checklist:
        yield Trial(fed="no attestation", wanted="fail", result=check_item(item, ()))
    if settings.approvals is not None:
        yield from _try_approvals(settings.approvals, now)


def _try_baseline(metric: str, settings: BaselineSettings) -> Trial:
    base = settings.against if isinstance(settings.against, float) else 1.0
    loss = Decimal(0)  # too little where an improvement is asked for
    if settings.min_improvement is None:
        limit = read_change(settings.max_regression or 0.0).of(base)
        loss = limit + _step(limit)
    value = float(exact(base) - loss * (1 if settings.direction == "higher" else -1))
    against = replace(_score(metric, base, settings.evaluated_on), version="the baseline")
    result = check_baseline(
        metric,
        settings,
        _score(metric, value, settings.evaluated_on),
        base if isinstance(settings.against, float) else against,
    )
    return Trial(fed=f"{show(value)} against {show(base)}", wanted="fail", result=result)


def _try_data(name: str, settings: DataSettings, now: dt.datetime) -> Iterator[Trial]:
    for expectation in expectations_of(settings):
        found = feed_broken(expectation, now=now)
        result = CheckResult(
            name=f"data.{name}.{expectation.name}",
            verdict=found.verdict,
            value=found.value,
            threshold=expectation.threshold,
            reason=found.reason,
        )
        yield Trial(fed="a table made to break it", wanted="fail", result=result)


def _try_transformation(name: str, settings: TransformationSettings, reach: Reach) -> Trial:
    python = str(reach.folder / settings.python) if settings.python else None
    failing = replace(settings, pytest="test_that_fails.py", python=python)
    with tempfile.TemporaryDirectory(prefix="lean-mlops-") as folder:
        Path(folder, failing.pytest).write_text("def test_that_fails():\n    assert False\n", encoding="utf-8")
        result = check_transformation(name, failing, folder=Path(folder), environ=reach.environ)
    return Trial(fed="a test that fails", wanted="fail", result=result)


def _try_business(name: str, settings: BusinessSettings, today: dt.date) -> Trial:
    if settings.by is not None:
        later = max(today, settings.by) + _DAY
        result = check_business(name, settings, Reading(), today=later)
        return Trial(fed=f"nothing on {later}", wanted="unknown", result=result)
    bound, sign = (settings.min, -1) if settings.min is not None else (settings.max or 0.0, 1)
    value = _beyond(bound, sign)
    result = check_business(name, settings, Reading(value=value, as_of=today), today=today)
    return Trial(fed=f"{name} = {show(value)}", wanted="fail", result=result)


def _try_approvals(settings: ApprovalSettings, now: dt.datetime) -> Iterator[Trial]:
    yield Trial(fed="no approval", wanted="fail", result=check_approvals([], settings))
    if not settings.self_approval:
        who = settings.by[0] if settings.by else "somebody"
        own = Approval(id="fed", at=now, actor=who, model="fed", version="fed", environment="fed", by=who, self=True)
        judged = judge_approvals([own], settings, registered_by=who)
        yield Trial(fed="a self-approval", wanted="fail", result=check_approvals(judged, settings))


def _score(metric: str, value: float, evaluated_on: str | None = None) -> Scores:
    data = tuple(replace(each, name=evaluated_on or each.name) for each in _SAME)
    return Scores(version="fed", values={metric: value}, data=data)


def _beyond(bound: float, sign: int) -> float:
    """Return a number on the wrong side of a limit, as far as it is seen beside a number of this size."""
    return float(exact(bound) + sign * _step(exact(bound)))


def _step(size: Decimal) -> Decimal:
    return max(abs(size), Decimal(1)) / 100
