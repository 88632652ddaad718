"""What is to be noticed of a model in an environment, as coloured words; green only for what is known to be good."""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.registry import CheckResult, Gate
from lean_core.releases import BasisKind, EnvironmentState, Live, MatrixCell, Observation
from pages._ui import text

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
_VERDICTS = {"pass": "green", "fail": "red", "unknown": "orange", "waived": "violet"}


def badge(colour: str, said: str) -> str:
    """Return a coloured word."""
    return f":{colour}-badge[{text.plain(said)}]"


def verdict(result: CheckResult | Gate) -> str:
    """Return the verdict of a check or a gate; what is waived is never green."""
    is_waived = isinstance(result, CheckResult) and result.waived_by is not None
    word = "waived" if is_waived else result.verdict
    return badge(_VERDICTS[word], word)


def marks(cell: MatrixCell) -> str:
    """Return all marks of a cell."""
    return " ".join([*_of_live(cell.state.live), *_of_state(cell.state), *_of_observation(cell)])


def current(cell: MatrixCell) -> Observation | None:
    """Return what was observed, unless another version was declared since."""
    declared = cell.state.live.version if cell.state.live else None
    observation = cell.observation
    return observation if observation is not None and observation.declared == declared else None


def _of_live(live: Live | None) -> Iterator[str]:
    if live is None:
        return
    yield badge(*_BASIS[live.basis.kind])
    if live.rollback and live.basis.kind != "rollback":
        yield badge("blue", "rollback")
    if live.withdrawn is not None:
        yield badge("red", "withdrawn")
    if live.late:
        yield badge("orange", "late event")
    if live.deployment.skipped:
        yield badge("orange", f"skipped {', '.join(live.deployment.skipped)}")


def _of_state(state: EnvironmentState) -> Iterator[str]:
    if state.failed:
        yield badge("red", f"{len(state.failed)} failed since")
    if state.doubts:
        yield badge("orange", "not sure")


def _of_observation(cell: MatrixCell) -> Iterator[str]:
    observation = current(cell)
    if observation is None:
        return
    if observation.asked is None:
        yield badge("gray", "no probe")
        return
    colour, said = _OBSERVED[observation.state]
    runs = f": runs {observation.observed}" if observation.state != "agree" and observation.observed else ""
    yield badge(colour, f"{said}{runs}")
