"""The checkpoint: five questions of a model in production, answered from evidence."""

from lean_core.checkpoint.check import NAMES, QUESTIONS, Action, Check, Checkpoint, Name, News, Status
from lean_core.checkpoint.evidence import Evidence, Kind, Value
from lean_core.checkpoint.fact import Fact

__all__ = [
    "NAMES",
    "QUESTIONS",
    "Action",
    "Check",
    "Checkpoint",
    "Evidence",
    "Fact",
    "Kind",
    "Name",
    "News",
    "Status",
    "Value",
]
