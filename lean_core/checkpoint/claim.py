"""A claim: what a person says where nothing that can be opened says it. It is shown as a claim, and it ends."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.checkpoint import table
from lean_core.checkpoint.evidence import Evidence, Value
from lean_core.errors import UsageError
from lean_core.store import Change, record

if TYPE_CHECKING:
    import duckdb

NOUN = "claim"
LONGEST = 500
"""Characters of what a claim says."""
_SUBJECT = re.compile(r'[A-Za-z0-9_-]+(\.([A-Za-z0-9_-]+|"[^"\x00-\x1f]{1,100}"))+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of a subject, until when."""

    subject: str
    """What it is about, by dots: ``debt.none.migration``, ``signal.churn.stale``, ``credits.ends``."""
    says: str
    """A sentence."""
    value: Value = None
    """The fact that it states, under the subject's name; None: it states none."""
    link: str = ""
    claimed_at: dt.datetime
    """Naive UTC, as the next."""
    claimed_by: str
    good_until: dt.datetime

    def as_evidence(self) -> Evidence:
        """Return it as what it is: attested."""
        return Evidence(
            claim=f"{self.claimed_by} says: {self.says}",
            value=self.value.isoformat() if isinstance(self.value, dt.date) else self.value,
            source=self.link or f"claim:{self.subject}",
            kind="attested",
            observed_at=self.claimed_at,
            good_until=self.good_until,
            by=self.claimed_by,
        )


def make_claim(cursor: duckdb.DuckDBPyConnection, claim: Claim) -> None:
    """Keep a claim; one on the same subject gives way, and the journal keeps what it was.

    Raises:
        UsageError: it says nothing, names no subject, has ended already, or holds what looks like a credential.
    """
    check_claim(claim)
    before = table.claim_row(cursor, claim.subject)
    table.put_claim(cursor, claim)
    after = table.claim_row(cursor, claim.subject)
    record(cursor, Change(actor=claim.claimed_by, noun=NOUN, subject=claim.subject, before=before, after=after))


def read_claims(cursor: duckdb.DuckDBPyConnection) -> list[Claim]:
    """Return all claims, by subject, with those that have ended."""
    return [
        Claim(
            subject=subject,
            says=says,
            value=table.decode_value(value),
            link=link,
            claimed_at=claimed_at,
            claimed_by=claimed_by,
            good_until=good_until,
        )
        for subject, says, value, link, claimed_at, claimed_by, good_until in table.claim_rows(cursor)
    ]


def withdraw_claim(cursor: duckdb.DuckDBPyConnection, subject: str, *, actor: str) -> None:
    """Take a claim back.

    Raises:
        UsageError: there is none on that subject.
    """
    before = table.claim_row(cursor, subject)
    if before is None:
        raise UsageError(f"nobody claims anything about {subject!r}: `lean-mlops claim` lists the claims")
    table.drop_claim(cursor, subject)
    record(cursor, Change(actor=actor, noun=NOUN, subject=subject, before=before))


def check_claim(claim: Claim) -> None:
    """Refuse a claim that makes no sense.

    Raises:
        UsageError: says what is wrong.
    """
    if not _SUBJECT.fullmatch(claim.subject) or len(claim.subject) > LONGEST:
        raise UsageError(
            f"a claim's subject is words joined by dots, such as debt.none.migration or credits.ends, not"
            f" {claim.subject[:80]!r}"
        )
    if not 0 < len(claim.says.strip()) <= LONGEST or not claim.says.isprintable():
        raise UsageError(f"a claim says something in one line of 1 to {LONGEST} characters: say what you know, and how")
    if claim.link and not re.fullmatch(r"https?://[^\s@]+", claim.link):
        raise UsageError("a claim's link is an http:// or https:// address without a user in it")
    if claim.good_until <= claim.claimed_at:
        raise UsageError(
            f"a claim must be good for a while: {claim.good_until:%Y-%m-%d} has been; name a day after"
            f" {clock.now():%Y-%m-%d}"
        )
    from lean_core.debt import refuse_secrets

    value = claim.value if isinstance(claim.value, str) else ""
    texts = {"subject": claim.subject, "says": claim.says, "link": claim.link, "value": value}
    refuse_secrets(texts, where="the claim")
