"""Signals: would we notice if it broke or went stale?"""

from lean_core.settings import CLASSES, Class
from lean_core.signals.answer import (
    Answer,
    Bins,
    Measured,
    Question,
    Reader,
    Source,
    Surroundings,
    Trouble,
    Unread,
    read_token,
)
from lean_core.signals.collect import collect, place_of
from lean_core.signals.judge import WORST_FIRST, State, Status, judge, state_of
from lean_core.signals.keep import WHOLE, last_readings, lines_since, note_readings, readings_since
from lean_core.signals.reading import Reading, Threshold, Verdict, threshold_of
from lean_core.signals.view import (
    NEWEST,
    Signal,
    read_declared,
    sort_signals,
    view_heartbeat,
    view_signal,
    view_signals,
)
from lean_core.signals.words import say_age, say_threshold, say_value

__all__ = [
    "CLASSES",
    "NEWEST",
    "WHOLE",
    "WORST_FIRST",
    "Answer",
    "Bins",
    "Class",
    "Measured",
    "Question",
    "Reader",
    "Reading",
    "Signal",
    "Source",
    "State",
    "Status",
    "Surroundings",
    "Threshold",
    "Trouble",
    "Unread",
    "Verdict",
    "collect",
    "judge",
    "last_readings",
    "lines_since",
    "note_readings",
    "place_of",
    "read_declared",
    "read_token",
    "readings_since",
    "say_age",
    "say_threshold",
    "say_value",
    "sort_signals",
    "state_of",
    "threshold_of",
    "view_heartbeat",
    "view_signal",
    "view_signals",
]
