"""Prediction logs in files: counted once, answered from the counts."""

from lean_core.signals.log.answers import answer
from lean_core.signals.log.expression import Expression, known_expressions, parse_expression
from lean_core.signals.log.refresh import Log, refresh, span_of
from lean_core.signals.log.served import ObservedVersion, observed_version
from lean_core.signals.log.slot import SLOT
from lean_core.signals.log.table import Served
from lean_core.signals.log.window import Windows

__all__ = [
    "SLOT",
    "Expression",
    "Log",
    "ObservedVersion",
    "Served",
    "Windows",
    "answer",
    "known_expressions",
    "observed_version",
    "parse_expression",
    "refresh",
    "span_of",
]
