"""The checkpoint: five questions of a model in production, answered from evidence."""

from lean_core.checkpoint.check import NAMES, QUESTIONS, Action, Check, Checkpoint, Name, News, Status
from lean_core.checkpoint.claim import Claim
from lean_core.checkpoint.evidence import Evidence, Kind, Plain, Value
from lean_core.checkpoint.fact import Fact
from lean_core.checkpoint.look import Look
from lean_core.checkpoint.record import Score

__all__ = [
    "NAMES",
    "QUESTIONS",
    "Action",
    "Check",
    "Checkpoint",
    "Claim",
    "Evidence",
    "Fact",
    "Kind",
    "Look",
    "Name",
    "News",
    "Plain",
    "Score",
    "Status",
    "Value",
]
