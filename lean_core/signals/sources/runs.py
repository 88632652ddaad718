"""Ask the imported runs for how many hours an experiment has had no finished run."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings, Trouble, Unread
from lean_core.signals.sources.runs_table import Experiment, ImportedSource, read_experiments, read_sources

NAMED = 5
"""So many experiments are named where the one that was asked for is not there."""
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Imported:
    """What is in the workspace's file."""

    place: str
    sources: Mapping[str, ImportedSource]
    experiments: Sequence[Experiment]


def read(questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question, by the name of its signal.

    An expression names an experiment, or ``SOURCE/EXPERIMENT``. The number is of the last import: a run that finished
    since is not known, so the hours are counted up to that time, and that is when it was observed.

    Raises:
        StoreError: the workspace's file can't be read.
    """
    with around.store.read() as cursor:
        imported = _Imported(
            place=around.store.path.name, sources=read_sources(cursor), experiments=read_experiments(cursor)
        )
    return {question.signal: _answer(imported, question.expression.strip()) for question in questions}


def _answer(imported: _Imported, expression: str) -> Answer:
    found = _find(imported.experiments, expression)
    if len(found) == 1:
        return _measure(imported, found[0])
    source = Source(place=imported.place, query=expression)
    if found:
        names = " or ".join(f"{each.source}/{each.name}" for each in found)
        return Unread(trouble="refused", sentence=f"Several sources have it: write {names}.", source=source)
    trouble, sentence = _explain_absence(imported, expression)
    return Unread(trouble=trouble, sentence=sentence, source=source)


def _find(experiments: Sequence[Experiment], expression: str) -> list[Experiment]:
    """Return those that are called so; a name that begins with that of a source may be a name all the same."""
    by_path = [each for each in experiments if expression == f"{each.source}/{each.name}"]
    return by_path or [each for each in experiments if expression == each.name]


def _measure(imported: _Imported, experiment: Experiment) -> Answer:
    name = f"{experiment.source}/{experiment.name}"
    source = Source(place=imported.place, query=name)
    origin = imported.sources.get(experiment.source)
    if origin is None or origin.synced_at is None:
        return Unread(trouble="empty", sentence=_never(experiment.source), source=source)
    if experiment.ended_at is None:
        runs = f"of {experiment.finished} finished runs none says when it ended" if experiment.finished else ""
        sentence = f"Experiment {name}: {runs or 'no run of it has finished'}."
        return Unread(trouble="empty", sentence=sentence, source=source, n=experiment.finished)
    hours = (origin.synced_at - experiment.ended_at) / _HOUR
    return Measured(
        value=max(0.0, hours),
        observed_at=origin.synced_at,
        source=source,
        unit="h",
        n=experiment.finished,
        note=_note(experiment, origin),
    )


def _note(experiment: Experiment, origin: ImportedSource) -> str:
    last = f"The last finished run is {experiment.last_run or 'one without a name'}, as of the last sync."
    return f"{last} A later sync failed: {origin.message}" if origin.message else last


def _explain_absence(imported: _Imported, expression: str) -> tuple[Trouble, str]:
    prefix = expression.partition("/")[0]
    asked = [prefix] if "/" in expression and prefix in imported.sources else list(imported.sources)
    unsynced = [name for name in asked if imported.sources[name].synced_at is None]
    if not asked:
        return "empty", "No source of runs was imported yet: `lean-mlops sync` does it."
    if len(unsynced) == len(asked):
        return "empty", _never(", ".join(unsynced))
    if not imported.experiments:
        return "missing", f"There is no experiment {expression[:80]!r}, nor any other, among the imported runs."
    names = _nearest(imported.experiments, expression)
    left = len(imported.experiments) - len(names)
    known = ", ".join(names) + (f" and {left} more" if left else "")
    return "missing", f"There is no experiment {expression[:80]!r} among the imported runs; there are: {known}."


def _nearest(experiments: Sequence[Experiment], expression: str) -> list[str]:
    wanted = expression.casefold()

    def likeness(each: Experiment) -> float:
        full = f"{each.source}/{each.name}".casefold()
        return max(difflib.SequenceMatcher(None, wanted, name).ratio() for name in (full, each.name.casefold()))

    nearest = sorted(experiments, key=likeness, reverse=True)[:NAMED]
    return [each.name if "/" not in expression else f"{each.source}/{each.name}" for each in nearest]


def _never(source: str) -> str:
    return f"{source} was never imported: `lean-mlops sync` does it."
