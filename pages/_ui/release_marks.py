"""What is to be noticed of a model in an environment, as coloured words; green only for what is known to be good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lean_core.registry import CheckResult, Gate
from lean_core.releases import Basis, BasisKind, EnvironmentState, Live, MatrixCell, Observation, waived_checks
from pages._ui import text
from pages._ui.release_code import CodeState, Name

_BASIS: dict[BasisKind, tuple[str, str]] = {
    "passed": ("green", "gate passed"),
    "forced": ("orange", "forced"),
    "rollback": ("blue", "rollback"),
    "contradicted": ("red", "gate contradicts"),
    "missing": ("orange", "gate event missing"),
    "none": ("gray", "no gate"),
}
_OBSERVED = {
    "agree": ("green", "observed"),
    "disagree": ("red", "disagrees"),
    "undeclared": ("orange", "undeclared"),
    "unobservable": ("gray", "can't be seen"),
}
_CODE: dict[CodeState, tuple[str, str] | None] = {
    "clean": None,
    "dirty": ("orange", "dirty"),
    "not known": ("gray", "dirty?"),
    "no record": ("orange", "no record"),
}
_VERDICTS = {"pass": "green", "fail": "red", "unknown": "orange", "waived": "violet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What marks rest on beside the trail."""

    now: dt.datetime
    """Naive UTC."""
    code: Mapping[Name, CodeState]
    """Of what the versions that are live were made."""


def badge(colour: str, said: str) -> str:
    """Return a coloured word."""
    return f":{colour}-badge[{text.plain(said)}]"


def verdict(result: CheckResult | Gate) -> str:
    """Return the verdict of a check or a gate; what is waived is never green."""
    is_waived = isinstance(result, CheckResult) and result.waived_by is not None
    word = "waived" if is_waived else result.verdict
    return badge(_VERDICTS[word], word)


def marks(cell: MatrixCell, known: Known) -> str:
    """Return all marks of a cell."""
    state = cell.state
    return " ".join([*_of_live(state, known), *doubts(state), *observed(cell)])


def basis(rests_on: Basis) -> str:
    """Return what a deployment rested on; a gate that was passed with something waived is not green."""
    waived = _count_waived(rests_on)
    return badge("violet", f"passed, {waived} waived") if waived else badge(*_BASIS[rests_on.kind])


def say_basis(rests_on: Basis) -> str:
    """Say what a deployment rested on, in a few words, as Markdown."""
    waived = _count_waived(rests_on)
    return text.plain(rests_on.sentence) + (f", with {text.count(waived, 'check')} waived" if waived else "")


def code(state: CodeState | None) -> str:
    """Return the mark of what a version was made of; none, where it is a commit, or nobody asked."""
    mark = _CODE[state] if state else None
    return badge(*mark) if mark else ""


def current(cell: MatrixCell) -> Observation | None:
    """Return what was observed, unless another version was declared since."""
    declared = cell.state.live.version if cell.state.live else None
    observation = cell.observation
    return observation if observation is not None and observation.declared == declared else None


def doubts(state: EnvironmentState) -> Iterator[str]:
    """Return what may make the declared version another one."""
    if state.failed:
        yield badge("red", f"{len(state.failed)} failed since")
    if state.doubts:
        yield badge("orange", "not sure")


def observed(cell: MatrixCell) -> Iterator[str]:
    """Return what the running system says, where it was asked."""
    observation = current(cell)
    if observation is None:
        return
    if observation.asked is None:
        yield badge("gray", "no probe")
        return
    colour, said = _OBSERVED[observation.state]
    runs = f": runs {observation.observed}" if observation.state != "agree" and observation.observed else ""
    yield badge(colour, f"{said}{runs}")


def _count_waived(rests_on: Basis) -> int:
    if rests_on.kind != "passed" or rests_on.gate is None:
        return 0
    return sum(check.waived_by is not None for check in rests_on.gate.checks)


def _of_live(state: EnvironmentState, known: Known) -> Iterator[str]:
    live = state.live
    if live is None:
        return
    yield _of_basis(live, known.now)
    if live.rollback and live.basis.kind != "rollback":
        yield badge("blue", "rollback")
    if mark := code(known.code.get((state.model, live.version))):
        yield mark
    if live.withdrawn is not None:
        yield badge("red", "withdrawn")
    if live.late:
        yield badge("orange", "late event")
    if live.deployment.skipped:
        yield badge("orange", f"skipped {', '.join(live.deployment.skipped)}")


def _of_basis(live: Live, now: dt.datetime) -> str:
    """Return what it rests on: a waiver that ended would not let it in again."""
    waived = waived_checks(live, now)
    for state, said in (("ended", "waiver ended"), ("unknown", "waiver not in the trail")):
        number = sum(check.state == state for check in waived)
        if number:
            return badge("orange", said if number == 1 else f"{number} x {said}")
    return basis(live.basis)
