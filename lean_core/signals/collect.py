"""Ask all telemetry at once; one that fails or falls silent never hides the others."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from lean_core.bound import run_within
from lean_core.errors import LeanError
from lean_core.settings import IMPORTED_RUNS, SignalSettings, TelemetrySettings, redact
from lean_core.signals.answer import Answer, Question, Source, Surroundings, Trouble, Unread

_AT_ONCE = 8
"""Telemetry that is asked at the same time."""
_GRACE = 2.0
"""Seconds by which a source's own limit is given the chance to tell better what it waited for."""
_RUNS_SECONDS = 30.0

_Answers = Mapping[str, Answer]


def collect(
    telemetry: Mapping[str, TelemetrySettings],
    signals: Mapping[str, SignalSettings],
    around: Surroundings,
    *,
    now: dt.datetime,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, Answer]:
    """Return an answer for each signal that is not paused.

    Args:
        telemetry: by name.
        signals: by name.
        around: what a source may use.
        now: naive UTC.
        tell: is told which telemetry has answered, how many have, and how many there are.
    """
    groups: dict[str, list[Question]] = {}
    for name, signal in signals.items():
        if not signal.paused:
            question = Question(signal=name, expression=signal.expression, window=signal.window, at=now)
            groups.setdefault(signal.source, []).append(question)
    answers: dict[str, Answer] = {}
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="telemetry") as pool:
        asked = {
            source: pool.submit(_ask, source, telemetry.get(source), questions, around)
            for source, questions in groups.items()
        }
        for number, (source, answer) in enumerate(asked.items(), start=1):
            answers |= answer.result()
            tell(source, number, len(asked))
    return answers


def _ask(
    name: str, telemetry: TelemetrySettings | None, questions: Sequence[Question], around: Surroundings
) -> _Answers:
    seconds = telemetry.timeout.total_seconds() + _GRACE if telemetry else _RUNS_SECONDS
    place = Source(place=place_of(name, telemetry))

    def fail(trouble: Trouble, sentence: str) -> _Answers:
        return {each.signal: Unread(trouble=trouble, sentence=sentence, source=place) for each in questions}

    try:
        answers = run_within(seconds, lambda _: _read(telemetry, questions, around))
    except TimeoutError:
        return fail("timed out", f"{place.place} did not answer within {seconds - _GRACE:g} s.")
    except LeanError as error:
        return fail("unreachable", f"{error}.")
    except Exception as error:  # noqa: BLE001 - one source's fault must not hide the others
        kind = type(error).__name__
        return fail("malformed", f"Reading {name} failed with {kind}, a fault of the workbench: please report it.")
    missed = f"{name} gave no answer to this question, a fault of the workbench: please report it."
    return {**fail("malformed", missed), **answers}


def _read(telemetry: TelemetrySettings | None, questions: Sequence[Question], around: Surroundings) -> _Answers:
    reader = importlib.import_module(f"lean_core.signals.sources.{telemetry.kind if telemetry else IMPORTED_RUNS}")
    given = (questions, around) if telemetry is None else (telemetry, questions, around)
    answers: _Answers = reader.read(*given)
    return answers


def place_of(name: str, telemetry: TelemetrySettings | None) -> str:
    """Return where telemetry lies, without secrets."""
    if telemetry is None:
        return "the imported runs" if name == IMPORTED_RUNS else name
    if telemetry.uri_env:
        return f"the database that {telemetry.uri_env} names"
    return redact(telemetry.url or telemetry.path or telemetry.uri)
