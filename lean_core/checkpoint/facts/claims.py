"""Facts that people state."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from lean_core.checkpoint.claim import Claim
from lean_core.checkpoint.fact import Fact, unknown

CREDITS = "credits.ends"
"""The subject of the claim that says when the cloud credits end."""
_DAYS_LEFT = "credits.days_left"
_MEANING = "days until the cloud credits end"


def facts_of_claims(claims: Sequence[Claim], now: dt.datetime) -> Iterator[Fact]:
    """Yield what claims state, as long as they are good."""
    ends: dt.date | None = None
    why = f"nobody said when they end: lean-mlops claim {CREDITS} 'As the contract says' --value 2027-03-31"
    for claim in claims:
        if claim.value is None:
            continue
        said = f"claimed by {claim.claimed_by}: {claim.says}"
        if now >= claim.good_until:
            ended = f"what {claim.claimed_by} claimed was good until {claim.good_until:%Y-%m-%d}"
            why = ended if claim.subject == CREDITS else why
            yield unknown(claim.subject, said, ended)
            continue
        yield Fact(name=claim.subject, value=claim.value, meaning=said, evidence=claim.as_evidence())
        if claim.subject == CREDITS and isinstance(claim.value, dt.date):
            ends = claim.value
            evidence = dataclasses.replace(
                claim.as_evidence(), claim=f"{claim.claimed_by} says that they end on {ends}."
            )
            yield Fact(name=_DAYS_LEFT, value=(ends - now.date()).days, meaning=_MEANING, evidence=evidence)
    if ends is None:
        yield unknown(_DAYS_LEFT, _MEANING, why)
