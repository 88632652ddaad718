"""Bring a source's runs into the store."""

from lean_core.runs.sync.job import sync_source
from lean_core.runs.sync.report import SourceState, SyncProgress, SyncReport
from lean_core.runs.sync.table import last_success, source_states, warnings_of

__all__ = [
    "SourceState",
    "SyncProgress",
    "SyncReport",
    "last_success",
    "source_states",
    "sync_source",
    "warnings_of",
]
