"""How two versions were released: deploy command, gate policy, approver."""

from __future__ import annotations

from lean_core.registry import Gate
from lean_core.releases.difference.item import Item, compare_maps, compare_value, unknown
from lean_core.releases.difference.side import Side


def compare_deploy_command(one: Side, other: Side) -> Item:
    """Hold the commands by which they were deployed against each other."""
    name = "deploy command"
    for side in (one, other):
        if side.deployment is None:
            return unknown(name, f"No deployment of {side.name} to {side.environment} is recorded.")
        if side.deployment.how is None:
            return unknown(name, f"How {side.name} was deployed to {side.environment} was not recorded.")
    before, after = one.deployment, other.deployment
    values = compare_maps(
        {key: value for key, value in (("how", before and before.how), ("target", before and before.target)) if value},
        {key: value for key, value in (("how", after and after.how), ("target", after and after.target)) if value},
    )
    is_same = all(value.status == "same" for value in values)
    sentence = f"Both were deployed by {after and after.how}." if is_same else "They were deployed in different ways."
    return Item(name=name, status="same" if is_same else "changed", sentence=sentence, values=values)


def compare_policy(one: Side, other: Side) -> Item:
    """Hold the policies of the gate that judged them against each other."""
    name = "gate policy"
    if one.gate is None or other.gate is None:
        missing = " and ".join(side.name for side in (one, other) if side.gate is None)
        return unknown(name, f"No gate for {other.environment} has judged {missing}.")
    digest = compare_value("policy_sha256", one.gate.policy_sha256, other.gate.policy_sha256)
    checks = compare_maps(_thresholds(one.gate), _thresholds(other.gate))
    if digest.status == "same":
        return Item(name=name, status="same", sentence="The policy of the gate is the same.", values=(digest, *checks))
    differing = [value.key for value in checks if value.status == "changed"]
    named = f": {', '.join(differing)}" if differing else ""
    return Item(
        name=name, status="changed", sentence=f"The policy of the gate changed{named}.", values=(digest, *checks)
    )


def compare_approvers(one: Side, other: Side) -> Item:
    """Hold those who approved them against each other."""
    before, after = (", ".join(side.approvers) or "nobody" for side in (one, other))
    value = compare_value("approvers", before, after)
    if value.status == "same":
        sentence = "Nobody approved either." if before == "nobody" else f"Both were approved by {before}."
    else:
        sentence = f"{one.name} was approved by {before}, {other.name} by {after}."
    return Item(name="approver", status=value.status, sentence=sentence, values=(value,))


def _thresholds(gate: Gate) -> dict[str, str | float]:
    return {check.name: check.threshold or "" for check in gate.checks}
