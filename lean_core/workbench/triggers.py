"""What a workbench does with what people claim, and with the repayment triggers of the debt log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.errors import UsageError
from lean_core.workbench.debt import DebtBench

if TYPE_CHECKING:
    from lean_core.checkpoint import Claim, Fact, Value
    from lean_core.debt import Item
    from lean_core.debt.trigger import Facts, Reading, Suggestion, TriggerState


@dataclass(frozen=True, kw_only=True)
class TriggersBench(DebtBench):
    """Claims and triggers."""

    # Claims

    def claims(self) -> list[Claim]:
        """Return what people claim, by subject, with what has ended."""
        from lean_core.checkpoint.claim import read_claims

        with self.store.read() as cursor:
            return read_claims(cursor)

    def claim(self, claim: Claim) -> None:
        """Keep a claim; one on the same subject gives way.

        Raises:
            UsageError: it makes no sense, or holds what looks like a credential.
        """
        from lean_core.checkpoint.claim import make_claim

        with self.store.write() as cursor:
            make_claim(cursor, claim)

    def withdraw_claim(self, subject: str, *, actor: str) -> None:
        """Take a claim back.

        Raises:
            UsageError: there is none on that subject.
        """
        from lean_core.checkpoint.claim import withdraw_claim

        with self.store.write() as cursor:
            withdraw_claim(cursor, subject, actor=actor)

    # Triggers

    def snooze_trigger(self, item: str, *, until: dt.datetime, reason: str, actor: str) -> None:
        """Leave a trigger alone for a while.

        Raises:
            UsageError: there is no such item, it has no trigger, or the time makes no sense.
        """
        from lean_core.debt.trigger import snooze

        found = self.debt_item(item)
        if found is None or not found.trigger:
            raise UsageError(f"there is no item {item} with a trigger in the debt log: `lean-mlops debt list` has them")
        with self.store.write() as cursor:
            snooze(cursor, item, found.trigger, until, reason=reason, actor=actor)

    def check_trigger(self, text: str, facts: Sequence[Fact], item: str | None = None) -> Reading:
        """Return what an expression comes to now.

        Args:
            text: the expression.
            facts: of a look.
            item: whose trigger it is; None: one that is made today.

        Raises:
            TriggerError: it is none, or asks for what is no fact.
        """
        from lean_core.debt.trigger import check, evaluate, parse

        found = self.debt_item(item) if item else None
        known = self._known(facts, found, now=clock.now())
        check(parse(text), known.known)
        return evaluate(text, known)

    def complete_trigger(self, text: str, cursor: int, facts: Sequence[Fact]) -> list[Suggestion]:
        """Return how an expression may go on at a place."""
        from lean_core.debt.trigger import complete

        known = self._known(facts, None, now=clock.now()).known
        return complete(text, cursor, {name: each.meaning for name, each in known.items()})

    def _evaluate(
        self, items: Sequence[Item], facts: Sequence[Fact], *, now: dt.datetime
    ) -> dict[str, tuple[str, Reading]]:
        from lean_core.debt.trigger import evaluate

        armed = [item for item in items if item.trigger and not item.ended]
        return {item.id: (item.trigger, evaluate(item.trigger, self._known(facts, item, now=now))) for item in armed}

    def _known(self, facts: Iterable[Fact], item: Item | None, *, now: dt.datetime) -> Facts:
        """Return facts as triggers take them, with those of the item whose trigger it is."""
        from lean_core.checkpoint.facts.repository import read_pins
        from lean_core.debt.trigger import Facts, Known

        created = item.created if item else now.date()
        age = Known(
            name="debt.age_days",
            value=(now.date() - created).days,
            meaning="days since this item was logged",
            observed_at=now,
            source=f"debt:{item.id if item else ''}",
        )
        known = {
            fact.name: Known(
                name=fact.name,
                value=fact.value,
                meaning=fact.meaning,
                unknown=fact.unknown,
                observed_at=fact.evidence.observed_at if fact.evidence else None,
                source=fact.evidence.source if fact.evidence else "",
            )
            for fact in facts
        }
        return Facts(known=known | {age.name: age}, packages=read_pins(self.repository), now=now, history=self._history)

    def _history(self, name: str, since: dt.datetime) -> Sequence[tuple[dt.datetime, Value]]:
        from lean_core.checkpoint.record import fact_history

        with self.store.read() as cursor:
            return fact_history(cursor, name, since)

    def _states(self, readings: Mapping[str, tuple[str, Reading]], *, now: dt.datetime) -> list[TriggerState]:
        from lean_core.debt.trigger import trigger_states

        with self.store.read() as cursor:
            return trigger_states(cursor, readings, now=now)

    def _kept_states(self) -> list[TriggerState]:
        from lean_core.debt.trigger import kept_states

        with self.store.read() as cursor:
            return kept_states(cursor, now=clock.now())
