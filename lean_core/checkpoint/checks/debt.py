"""Check 5: which shortcut will block the next migration, customer or compliance need?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lean_core.checkpoint.about import About
from lean_core.checkpoint.check import Action, Check, News
from lean_core.checkpoint.evidence import Evidence
from lean_core.checkpoint.names import join
from lean_core.checkpoint.part import Part, fold
from lean_core.debt import BLOCKED, Blocked, Item, sort_items

_NOUNS: dict[Blocked, str] = {
    "migration": "the next migration",
    "customer": "the next customer",
    "compliance": "the next compliance need",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtLog:
    """What the log says."""

    items: tuple[Item, ...]
    reviewed_at: dt.datetime | None
    """When somebody went through all of it; naive UTC."""
    reviewed_by: str = ""
    fired: Mapping[str, str] = field(default_factory=dict)
    """By item: what its trigger fired on, a sentence."""


def check_debt(about: About, log: DebtLog) -> Check:
    """Answer which shortcut blocks what: for each need the open item of the highest risk, or a claim that none does."""
    parts = [*(_judge(about, blocked, log) for blocked in BLOCKED), _reviewed(about, log)]
    return fold("debt", " ".join(part.sentence for part in parts[: len(BLOCKED)]), parts)


def _judge(about: About, blocked: Blocked, log: DebtLog) -> Part:
    found = sort_items(item for item in log.items if blocked in item.blocks and not item.ended)
    if found:
        return _blocking(blocked, found, log)
    subject = join("debt", "none", blocked)
    claimed = about.claimed(subject)
    action = Action(
        sentence=f"Log the shortcut that will block {_NOUNS[blocked]}, or say that none will.",
        command=f"lean-mlops claim {subject} 'Nothing blocks it, because ...' --until 30d",
        page="debt?add=1",
    )
    if claimed is None:
        silent = f"Nobody said which shortcut will block {_NOUNS[blocked]}."
        return Part(status="missing", news="unknown", sentence=silent, action=action)
    if claimed.is_stale(about.now):
        ended = f"That no shortcut blocks {_NOUNS[blocked]} was good until {claimed.good_until:%Y-%m-%d}."
        return Part(status="stale", news="unknown", sentence=ended, evidence=(claimed,), action=action)
    return Part(sentence=f"No shortcut blocks {_NOUNS[blocked]}: {claimed.claim}", evidence=(claimed,))


def _blocking(blocked: Blocked, found: Sequence[Item], log: DebtLog) -> Part:
    item = found[0]
    lacks = [
        *([] if item.owner else ["an owner"]),
        *([] if item.trigger or item.watch else ["a repayment trigger"]),
        *([] if item.reviewer or not item.needs_reviewer else ["a senior reviewer"]),
    ]
    evidence = Evidence(
        claim=item.title,
        value=item.severity,
        source=f"debt:{item.id}",
        kind="derived",
        observed_at=max(item.updated_at, log.reviewed_at or item.updated_at),
        by=item.updated_by,
    )
    said = f"{item.id} ({item.title}) blocks {_NOUNS[blocked]}"
    page = f"debt?item={item.id}"
    if lacks:
        return Part(
            status="missing",
            news="bad",
            sentence=f"{said}, and has no {' and no '.join(lack.partition(' ')[2] for lack in lacks)}.",
            evidence=(evidence,),
            action=Action(
                sentence=f"Give {item.id} {' and '.join(lacks)}.", command=f"lean-mlops debt edit {item.id}", page=page
            ),
        )
    fired = log.fired.get(item.id)
    news: News = "bad" if fired or item.severity == "high" or item.deadly else "good"
    owned = f"{said}; {item.owner} owns it"
    when = f": it is time, since {fired}" if fired else f" and repays it when {item.trigger or item.watch}"
    action = Action(
        sentence=f"Repay {item.id}, or plan when.",
        command=f"lean-mlops debt edit {item.id} --status planned",
        page=page,
    )
    return Part(news=news, sentence=f"{owned}{when}.", evidence=(evidence,), action=action if news == "bad" else None)


def _reviewed(about: About, log: DebtLog) -> Part:
    action = Action(
        sentence="Go through the debt log, and say that you did.",
        command="lean-mlops debt review",
        page="debt",
    )
    if log.reviewed_at is None:
        return Part(
            status="stale", news="unknown", sentence="Nobody ever reviewed the debt log as a whole.", action=action
        )
    evidence = Evidence(
        claim=f"{log.reviewed_by} reviewed the debt log.",
        source="debt:",
        kind="derived",
        observed_at=log.reviewed_at,
        good_until=log.reviewed_at + about.lifetimes.debt,
        by=log.reviewed_by,
    )
    said = f"{log.reviewed_by} reviewed the debt log on {log.reviewed_at:%Y-%m-%d}"
    if evidence.is_stale(about.now):
        limit = about.lifetimes.debt.days
        old = f"{said}, longer ago than the {limit} days that a review is good for."
        return Part(status="stale", news="unknown", sentence=old, evidence=(evidence,), action=action)
    return Part(sentence=f"{said}.", evidence=(evidence,))
