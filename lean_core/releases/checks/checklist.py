"""Items that a person says are done."""

from __future__ import annotations

from collections.abc import Iterable

from lean_core.registry import Attestation, CheckResult


def check_item(item: str, attestations: Iterable[Attestation]) -> CheckResult:
    """Judge an item of the checklist by the newest of the attestations for this version and environment."""
    name = name_item(item)
    found = [each for each in attestations if each.item == item]
    if not found:
        return CheckResult(
            name=name,
            verdict="fail",
            value="not attested",
            threshold="attested",
            reason=f"nobody attested “{item}”: run “lean-mlops attest”",
        )
    newest = max(found, key=lambda each: (each.at, each.id))
    note = f": {newest.note}" if newest.note else ""
    return CheckResult(
        name=name,
        verdict="pass",
        value=f"by {newest.by}",
        threshold="attested",
        reason=f"{newest.by} attested “{item}” on {newest.at:%Y-%m-%d}{note}",
        evidence=(newest.id,),
    )


def name_item(item: str) -> str:
    """Return what the check of an item is called."""
    return f"checklist.{item}"
