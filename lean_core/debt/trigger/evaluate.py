"""Evaluates a trigger on what is known now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lean_core.debt.trigger.compare import Term, as_version, judge, make_term
from lean_core.debt.trigger.known import ALWAYS, Facts, Known
from lean_core.debt.trigger.names import suggest_name
from lean_core.debt.trigger.nodes import TODAY, And, Compare, Expression, Not, Operand, Or, Package, Value
from lean_core.debt.trigger.parse import parse
from lean_core.debt.trigger.verdict import Verdict, join_all, join_any, oppose
from lean_core.debt.trigger.window import judge_window
from lean_core.errors import TriggerError

State = Literal["armed", "fired", "cannot evaluate"]
_STATES: dict[bool | None, State] = {True: "fired", False: "armed", None: "cannot evaluate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a trigger says now."""

    state: State
    sentence: str
    """Why: the values that decide it, or what is missing."""
    used: tuple[Known, ...] = ()
    """The facts that it asks for, as they were."""


def evaluate(expression: str, facts: Facts) -> Reading:
    """Return what a trigger says now; one with a mistake in it can't be evaluated, which is no error."""
    try:
        parsed = parse(expression)
    except TriggerError as error:
        return Reading(state="cannot evaluate", sentence=str(error))
    evaluation = _Evaluation(facts=facts)
    verdict = evaluation.judge(parsed)
    return Reading(state=_STATES[verdict.holds], sentence=verdict.sentence, used=tuple(evaluation.used.values()))


@dataclass(slots=True, kw_only=True)
class _Evaluation:
    facts: Facts
    used: dict[str, Known] = field(default_factory=dict)

    def judge(self, expression: Expression) -> Verdict:
        if isinstance(expression, And | Or):
            join = join_all if isinstance(expression, And) else join_any
            return join([self.judge(condition) for condition in expression.conditions])
        if isinstance(expression, Not):
            return oppose(self.judge(expression.condition))
        return self._compare(expression)

    def _compare(self, compare: Compare) -> Verdict:
        left, right = self._term(compare.left), self._term(compare.right)
        if isinstance(compare.left, Package) or isinstance(compare.right, Package):
            left, right = as_version(left), as_version(right)
        if compare.held is None:
            return judge(left, compare.operator, right)
        return judge_window(compare, (left, right), self.facts)

    def _term(self, operand: Operand) -> Term:
        if isinstance(operand, Value):
            return Term(value=operand.value)
        if isinstance(operand, Package):
            known, label = self._package(operand.name), f"the version of {operand.name}"
        else:
            known, label = self._fact(operand.name), "today" if operand.name == TODAY else operand.name
        self.used[known.name] = known
        return make_term(label, known.value, unknown=known.unknown)

    def _fact(self, name: str) -> Known:
        if name == TODAY:
            now = self.facts.now
            return Known(name=TODAY, value=now.date(), meaning=ALWAYS[TODAY], observed_at=now, source="clock")
        known = self.facts.known.get(name)
        if known is not None:
            return known
        unknown = f"there is no such fact{suggest_name(name, self.facts.known)}"
        return Known(name=name, value=None, meaning="", unknown=unknown)

    def _package(self, name: str) -> Known:
        from packaging.utils import canonicalize_name

        meaning, asked = f"the version of the package {name}", f'dep("{name}")'
        packages = self.facts.packages
        if isinstance(packages, str):
            return Known(name=asked, value=None, meaning=meaning, unknown=packages)
        version = next((version for each, version in packages.items() if canonicalize_name(each) == name), None)
        unknown = "" if version else "it is not among the packages that the product depends on"
        return Known(name=asked, value=version, meaning=meaning, unknown=unknown, observed_at=self.facts.now)
