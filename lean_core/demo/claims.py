"""What people of the demo claim, where nothing that can be opened says it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lean_core.checkpoint import Claim
from lean_core.demo import colleague, upsell
from lean_core.demo.plan import MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

CREDITS_END = dt.timedelta(days=200)
"""From the day on which the demo is made."""
MONTH, QUARTER = dt.timedelta(days=30), dt.timedelta(days=90)


def tell_claims(now: dt.datetime) -> Sequence[Claim]:
    """Return the claims, oldest first; the first one has ended.

    Args:
        now: when the demo is made; naive UTC.
    """
    left, lately = now - dt.timedelta(days=44), now - dt.timedelta(days=8)
    end = (now + CREDITS_END).date()
    return (
        Claim(
            subject=f"signal.{upsell.MODEL}.broken",
            says="Sales calls me when the list is not there.",
            claimed_at=left,
            claimed_by=colleague.NAME,
            good_until=left + MONTH,
        ),
        Claim(
            subject="credits.ends",
            says="The cloud credits end on that day, as the contract says.",
            value=end,
            claimed_at=lately,
            claimed_by="ana",
            good_until=dt.datetime.combine(end, dt.time()),
        ),
        Claim(
            subject=f"console.{MODEL}",
            says="The billing alert of the account: its amount, and who gets its mails. Nothing else.",
            claimed_at=lately,
            claimed_by="ana",
            good_until=lately + QUARTER,
        ),
    )
