"""Heartbeats of jobs: a job that fell silent is noticed."""

from lean_core.signals.heartbeats.beat import (
    FOLDER,
    LONGEST_NOTE,
    Beat,
    Details,
    Said,
    check_job,
    describe_beat,
    make_beat,
)
from lean_core.signals.heartbeats.beats import Beats, list_jobs, read_beats, write_beat
from lean_core.signals.heartbeats.heartbeat import ALARMING, Heartbeat, assess, read_heartbeats
from lean_core.signals.heartbeats.judge import State
from lean_core.signals.heartbeats.wrapped import Ended, run_wrapped

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
