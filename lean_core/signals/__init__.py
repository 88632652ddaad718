"""Signals: would we notice if it broke or went stale? So far the heartbeats of jobs."""

from lean_core.signals.beat import FOLDER, LONGEST_NOTE, Beat, Details, Said, check_job, describe_beat, make_beat
from lean_core.signals.beats import Beats, list_jobs, read_beats, write_beat
from lean_core.signals.heartbeat import ALARMING, Heartbeat, assess, read_heartbeats
from lean_core.signals.judge import State
from lean_core.signals.wrapped import Ended, run_wrapped

__all__ = [
    "ALARMING",
    "FOLDER",
    "LONGEST_NOTE",
    "Beat",
    "Beats",
    "Details",
    "Ended",
    "Heartbeat",
    "Said",
    "State",
    "assess",
    "check_job",
    "describe_beat",
    "list_jobs",
    "make_beat",
    "read_beats",
    "read_heartbeats",
    "run_wrapped",
    "write_beat",
]
