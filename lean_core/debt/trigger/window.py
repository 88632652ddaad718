"""``for``: whether a comparison held all the time, by what is remembered of its facts.

A value is taken to stay until the next one is seen: facts are recorded on each day and at each change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lean_core.debt.trigger.compare import Term, judge, make_term
from lean_core.debt.trigger.known import Facts, History
from lean_core.debt.trigger.nodes import Compare, Fact, Operand
from lean_core.debt.trigger.verdict import Verdict
from lean_core.debt.trigger.words import tell_length, tell_time
from lean_core.errors import LeanError


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a term was before now."""

    term: Term
    """As it is now."""
    history: History = ()
    """Before now, oldest first."""
    unknown: str = ""
    """Why nothing of it is remembered: a sentence."""

    def at(self, moment: dt.datetime) -> Term:
        """Return the term as it was."""
        label = self.term.label
        if not label:
            return self.term
        if self.unknown:
            return Term(label=label, unknown=self.unknown)
        reached = [value for time, value in self.history if time <= moment]
        if reached and reached[-1] is None:
            return Term(label=label, unknown=f"{label} was not known at {tell_time(moment)}")
        if reached:
            return make_term(label, reached[-1])
        since = f"is known only since {tell_time(self.history[0][0])}" if self.history else "is known only since now"
        return Term(label=label, unknown=f"{label} {since}")


def judge_window(compare: Compare, terms: tuple[Term, Term], facts: Facts) -> Verdict:
    """Compare two terms now and at each moment at which one of them was seen, over the time that it must have held.

    Once false is enough to say no. Where it was never false and not always known, it can't be told.
    """
    now = judge(terms[0], compare.operator, terms[1])
    if compare.held is None or now.holds is False:
        return now
    since, span = facts.now - compare.held, f"the last {tell_length(compare.held)}"
    left, right = (
        _remember(operand, term, facts, since)
        for operand, term in zip((compare.left, compare.right), terms, strict=True)
    )
    moments = sorted({since, *(time for past in (left, right) for time, _ in past.history if time > since)})
    verdicts = [judge(left.at(moment), compare.operator, right.at(moment), "was") for moment in moments]
    for verdict, end in zip(reversed(verdicts), reversed([*moments[1:], facts.now]), strict=True):
        if verdict.holds is False:
            return Verdict(holds=False, why=(f"{verdict.sentence}, until {tell_time(end)}, which is within {span}",))
    if now.holds is None:
        return now
    for verdict in verdicts:
        if verdict.holds is None:
            return Verdict(holds=None, why=(f"{verdict.sentence}, and it must have been so for {span}",))
    return Verdict(holds=True, why=(f"{now.sentence}, and was in each of the {len(moments) + 1} readings of {span}",))


def _remember(operand: Operand, term: Term, facts: Facts, since: dt.datetime) -> Past:
    if not isinstance(operand, Fact):
        return Past(term=term)
    try:
        remembered = facts.history(operand.name, since)
    except LeanError as error:
        return Past(term=term, unknown=f"what {term.label} was can't be read: {error}")
    return Past(term=term, history=[(time, value) for time, value in remembered if time < facts.now])
