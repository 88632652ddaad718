"""The gate: judge a version by the policy of an environment. The command and the page ask this one function."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lean_core.registry import Answer, Approval, Attestation, CheckResult, Gate, Waiver
from lean_core.registry.hashing import hash_bytes
from lean_core.releases.case import Asked, Case, Reach
from lean_core.releases.checks.approvals import check_approvals, judge_approvals
from lean_core.releases.checks.baseline import NoBaseline, check_baseline
from lean_core.releases.checks.business import check_business, read_business
from lean_core.releases.checks.checklist import check_item
from lean_core.releases.checks.data import Around, check_data
from lean_core.releases.checks.metric import check_metric
from lean_core.releases.checks.transformation import check_transformation
from lean_core.releases.doubt import may_be
from lean_core.releases.policy import NO_POLICY, Policy, explain_no_policy
from lean_core.releases.scores import Scores
from lean_core.releases.state import find_withdrawal
from lean_core.releases.waivers import apply_waiver, sort_waivers
from lean_core.settings import LIVE, BaselineSettings

_WORST_FIRST = ("fail", "unknown", "pass")


def evaluate(case: Case, reach: Reach, asked: Asked) -> Gate:
    """Judge a version; unknown blocks as a failure does, and what is waived comes first.

    The verdict is ``fail`` where a check failed that nobody waived, else ``unknown`` where one is unknown, else
    ``pass``. A withdrawal can't be waived, nor can a trail or a record that can't be read.
    """
    checks, policy = list(_judge_standing(case)), case.policy
    if policy is None:
        reason = explain_no_policy(case.version.model, case.environment)
        checks.append(CheckResult(name="policy", verdict="unknown", value="none", reason=reason))
    else:
        waivers = sort_waivers(case.events(Waiver), longest=policy.settings.waivers.longest, now=asked.at)
        checks += [apply_waiver(check, waivers) for check in _judge(case, policy, reach, asked)]
    compared = policy.baselines(case.replaced.version) if policy else ()
    ordered = tuple(sorted(checks, key=lambda each: (each.waived_by is None, _WORST_FIRST.index(each.verdict))))
    return Gate(
        id=asked.event_id,
        at=asked.at,
        actor=asked.actor,
        model=case.version.model,
        version=case.version.version,
        environment=case.environment,
        verdict=sum_up(ordered),
        policy_sha256=policy.sha256 if policy else NO_POLICY,
        evidence_sha256=digest_evidence(ordered),
        baseline=compared[0] if compared else None,
        checks=ordered,
        notes=tuple(_note(case)),
    )


def sum_up(checks: Sequence[CheckResult]) -> Answer:
    """Return the verdict over checks, those that are waived left out; over none of them nothing is known."""
    verdicts = {check.verdict for check in checks if check.waived_by is None}
    if "fail" in verdicts:
        return "fail"
    return "pass" if checks and "unknown" not in verdicts else "unknown"


def digest_evidence(checks: Sequence[CheckResult]) -> str:
    """Return the sha256 over what the checks saw: names, values, verdicts and evidence, in the order of the names."""
    seen = [
        {"name": check.name, "verdict": check.verdict, "value": str(check.value), "evidence": check.evidence}
        for check in sorted(checks, key=lambda each: each.name)
    ]
    return hash_bytes(json.dumps(seen, sort_keys=True, separators=(",", ":")).encode())


def _judge_standing(case: Case) -> Iterator[CheckResult]:
    """Yield what keeps a version from being judged at all, or from being released whatever it scored."""
    withdrawal = find_withdrawal(case.trail, case.version.version, case.environment)
    if withdrawal is not None:
        said = f"withdrawn by {withdrawal.actor} on {withdrawal.at:%Y-%m-%d}: {withdrawal.reason}"
        yield CheckResult(name="withdrawal", verdict="fail", value="withdrawn", reason=said, evidence=(withdrawal.id,))
    hidden = [
        each.sentence
        for each in case.trail.unreadable
        if may_be(each, kinds=("withdrawal",), environment=case.environment)
    ]
    if hidden:
        said = f"an event that can't be read may withdraw the version: {hidden[0]}"
        yield CheckResult(name="trail", verdict="unknown", value=f"{len(hidden)} unreadable", reason=said)
    if case.version.record is None:
        said = f"{case.version.model} {case.version.version} has no record that can be used: {case.version.problem}"
        yield CheckResult(name="record", verdict="unknown", value=case.version.state, reason=said)


def _judge(case: Case, policy: Policy, reach: Reach, asked: Asked) -> Iterator[CheckResult]:
    settings, record = policy.settings, case.version.record
    for metric, wanted in settings.metrics.items():
        yield check_metric(metric, wanted, case.scores)
    for metric, compared in settings.baseline.items():
        yield check_baseline(metric, compared, case.scores, _find_baseline(metric, compared, case))
    places = Around(folder=reach.folder, fetch=reach.fetch, now=asked.at)
    for name, table in settings.data.items():
        yield from check_data(name, table, record.data if record else (), places)
    for name, test in settings.transformation.items():
        yield check_transformation(name, test, folder=reach.folder, environ=reach.environ)
    for name, signal in settings.business.items():
        reading = read_business(signal, folder=reach.folder, read_signal=reach.read_signal)
        yield check_business(name, signal, reading, today=asked.at.date())
    attestations = case.events(Attestation)
    for item in settings.checklist:
        yield check_item(item, attestations)
    if settings.approvals is not None:
        registered_by = record.created_by if record else None
        judged = judge_approvals(case.events(Approval), settings.approvals, registered_by=registered_by)
        yield check_approvals(judged, settings.approvals)


def _find_baseline(metric: str, settings: BaselineSettings, case: Case) -> Scores | float | NoBaseline:
    version, replaced = settings.against, case.replaced
    if not isinstance(version, str):
        return version
    if version == LIVE:
        if replaced.nothing:
            advice = f"so there is nothing to compare with: waive baseline.{metric} for the first release"
            return NoBaseline(reason=f"{replaced.nothing}, {advice}")
        if replaced.version is None:
            return NoBaseline(reason=replaced.doubt)
        version = replaced.version
    return case.scores if version == case.version.version else case.baselines[version]


def _note(case: Case) -> Iterator[str]:
    record = case.version.record
    if record is not None and record.dirty:
        yield "It was registered from a dirty working tree: its commit is not all of the code that made it."
