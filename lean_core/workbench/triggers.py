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
        """Leave a trigger that fired, or can't be evaluated, alone for a while.

        Raises:
            UsageError: there is no such item, it has no trigger, or there is nothing to leave alone.
        """
        from lean_core.debt.trigger import Snooze, snooze

        found = self.debt_item(item)
        if found is None or not found.trigger:
            raise UsageError(f"there is no item {item} with a trigger in the debt log: `lean-mlops debt list` has them")
        with self.store.write() as cursor:
            snooze(cursor, Snooze(item=item, expression=found.trigger, until=until, reason=reason), actor=actor)

    def end_snooze(self, item: str, *, actor: str) -> None:
        """Let a trigger speak again."""
        from lean_core.debt.trigger import end_snooze

        with self.store.write() as cursor:
            end_snooze(cursor, item, actor=actor)

    def trigger_history(self, item: str) -> list[TriggerState]:
        """Return how a trigger's state changed, newest first, each with what it rested on."""
        from lean_core.debt.trigger import trigger_history

        with self.store.read() as cursor:
            return trigger_history(cursor, item)

    def check_trigger(self, text: str, facts: Sequence[Fact], item: str | None = None) -> Reading:
        """Return what an expression comes to now.

        Args:
            text: the expression.
            facts: of a look.
            item: whose trigger it is; None: one that is not made yet.

        Raises:
            TriggerError: it is none, or asks for what is no fact.
        """
        from lean_core.debt.trigger import add_item_facts, check, evaluate

        given = self._given(facts, now=clock.now())
        check(text, given.known)
        return evaluate(text, add_item_facts(given, self.debt_item(item) if item else None))

    def complete_trigger(self, text: str, cursor: int, facts: Sequence[Fact]) -> list[Suggestion]:
        """Return how an expression may go on at a place."""
        from lean_core.debt.trigger import complete

        names = {name: each.meaning for name, each in self._given(facts, now=clock.now()).known.items()}
        return complete(text, cursor, names)

    def _evaluate(
        self, items: Sequence[Item], facts: Sequence[Fact], *, now: dt.datetime
    ) -> dict[str, tuple[str, Reading]]:
        from lean_core.debt.trigger import add_item_facts, evaluate

        given = self._given(facts, now=now)
        armed = [item for item in items if item.trigger and not item.ended]
        return {item.id: (item.trigger, evaluate(item.trigger, add_item_facts(given, item))) for item in armed}

    def _given(self, facts: Iterable[Fact], *, now: dt.datetime) -> Facts:
        """Return facts as triggers take them."""
        from lean_core.checkpoint.facts.debt import FIRED
        from lean_core.checkpoint.facts.repository import read_pins
        from lean_core.debt.trigger import Facts, Known

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
            if fact.name != FIRED  # which triggers make
        }
        return Facts(known=known, packages=read_pins(self.repository), now=now, history=self._history)

    def _history(self, name: str, since: dt.datetime) -> Sequence[tuple[dt.datetime, Value]]:
        from lean_core.checkpoint.record import fact_history

        with self.store.read() as cursor:
            return fact_history(cursor, name, since)

    def _states(self, readings: Mapping[str, tuple[str, Reading]], *, now: dt.datetime) -> list[TriggerState]:
        from lean_core.debt.trigger import trigger_states

        with self.store.read() as cursor:
            return trigger_states(cursor, readings, now=now)
