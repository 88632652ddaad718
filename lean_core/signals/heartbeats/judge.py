"""In which state a job is: a pure function of its beats, its schedule and the time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from lean_core.signals.heartbeats.beat import Beat
from lean_core.signals.heartbeats.history import History, elapsed
from lean_core.signals.heartbeats.schedule import Schedule
from lean_core.signals.heartbeats.words import say_seconds, say_time

State = Literal["new", "up", "late", "down", "failed", "running", "running too long", "suspiciously short"]
_Told = tuple[State, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A state, and why."""

    state: State
    sentence: str
    due: dt.datetime | None = None
    """When the next success is due."""
    deadline: dt.datetime | None = None
    """When the job is down without one."""


def judge(history: History, schedule: Schedule, now: dt.datetime) -> Judgement:
    """Return the state of a job.

    What was bad stays bad until a run succeeds: that the job was started again is said, and proves nothing.
    """
    if history.first is None:
        return Judgement(state="new", sentence="No beat has come yet: nobody would notice if the job did not run.")
    anchor = history.success.beat.at if history.success else history.first.at
    due = anchor + schedule.every
    deadline = due + schedule.grace
    state, sentence = _tell(history, _Moment(now=now, due=due, deadline=deadline, schedule=schedule))
    return Judgement(state=state, sentence=sentence, due=due, deadline=deadline)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    now: dt.datetime
    due: dt.datetime
    deadline: dt.datetime
    schedule: Schedule


def _tell(history: History, moment: _Moment) -> _Told:
    again = f" A run has been going on since {say_time(history.running.at)}." if history.running else ""
    return (
        _tell_failure(history, moment, again)
        or _tell_run(history, moment)
        or _tell_delay(history, moment, again)
        or _tell_oddity(history, moment)
        or ("up", f"{_last(history)} The next success is due by {say_time(moment.due)}.{again}")
    )


def _tell_failure(history: History, moment: _Moment, again: str) -> _Told | None:
    end = history.end
    if end is None or end.beat.said != "fail":
        return None
    if moment.now > end.beat.at + moment.schedule.every + moment.schedule.grace:
        return None  # so old that the job does not run at all any more
    code = f" with exit code {end.beat.exit_code}" if end.beat.exit_code is not None else ""
    took = f" after {say_seconds(end.seconds)}" if end.seconds is not None else ""
    note = f": {end.beat.note.rstrip('.')}" if end.beat.note else ""
    return "failed", f"The last run failed on {say_time(end.beat.at)}{code}{took}{note}.{again}"


def _tell_run(history: History, moment: _Moment) -> _Told | None:
    """Tell of a run that may still end well: it began in time, and does not take too long."""
    run = history.running
    if run is None or run.at > moment.deadline or _takes_too_long(run, history, moment):
        return None
    return "running", f"It has been running since {say_time(run.at)}."


def _tell_delay(history: History, moment: _Moment, again: str) -> _Told | None:
    due = f"{_last(history)} The next success was due by {say_time(moment.due)}"
    if moment.now > moment.deadline:
        return "down", f"{due}, and its time of grace is over.{again}"
    if moment.now > moment.due:
        return "late", f"{due}; it counts as down from {say_time(moment.deadline)} on.{again}"
    return None


def _tell_oddity(history: History, moment: _Moment) -> _Told | None:
    run, success, usual = history.running, history.success, history.usual_before
    if run is not None and _takes_too_long(run, history, moment):
        median = f", though its runs take {say_seconds(history.usual.median)}" if history.usual else ""
        return "running too long", f"It has been running since {say_time(run.at)}{median}."
    if success is None or success.seconds is None or usual is None:
        return None
    took = f"The last run, of {say_time(success.beat.at)}, took {say_seconds(success.seconds)}"
    median = f"though those before it took {say_seconds(usual.median)} (median)"
    if success.seconds < usual.shortest:
        return "suspiciously short", f"{took} only, {median}: it may have found nothing to do."
    if success.seconds > usual.longest:
        return "running too long", f"{took}, {median}."
    return None


def _takes_too_long(run: Beat, history: History, moment: _Moment) -> bool:
    whole = (moment.schedule.every + moment.schedule.grace).total_seconds()
    return elapsed(run.at, moment.now) > (history.usual.longest if history.usual else whole)


def _last(history: History) -> str:
    success = history.success
    if success is not None:
        took = f", after {say_seconds(success.seconds)}" if success.seconds is not None else ""
        return f"The last run that succeeded ended on {say_time(success.beat.at)}{took}."
    since = f"; its first beat is of {say_time(history.first.at)}" if history.first else ""
    return f"No run is known to have succeeded{since}."
