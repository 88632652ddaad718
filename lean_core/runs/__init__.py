"""Runs: where they come from, how they are found, and how they compare."""

from lean_core.runs.direction import Direction
from lean_core.runs.opinions import (
    Note,
    SavedView,
    delete_view,
    directions,
    read_note,
    remove_local_tag,
    save_view,
    saved_views,
    set_direction,
    set_local_tag,
    write_note,
)
from lean_core.runs.query import (
    Group,
    MetricHistory,
    Moment,
    RunPage,
    RunQuery,
    Spread,
    differing,
    find_runs,
    group_runs,
    known_keys,
    load_runs,
    metric_histories,
)
from lean_core.runs.reader import SyncWarning
from lean_core.runs.readers import open_reader
from lean_core.runs.run import STATUSES, Input, Run, split_ref
from lean_core.runs.source import Source
from lean_core.runs.sync import (
    SourceState,
    SyncProgress,
    SyncReport,
    last_success,
    source_states,
    sync_source,
    warnings_of,
)
from lean_core.runs.tabulate import Cell, Sheet, cell, tabulate

__all__ = [
    "STATUSES",
    "Cell",
    "Direction",
    "Group",
    "Input",
    "MetricHistory",
    "Moment",
    "Note",
    "Run",
    "RunPage",
    "RunQuery",
    "SavedView",
    "Sheet",
    "Source",
    "SourceState",
    "Spread",
    "SyncProgress",
    "SyncReport",
    "SyncWarning",
    "cell",
    "delete_view",
    "differing",
    "directions",
    "find_runs",
    "group_runs",
    "known_keys",
    "last_success",
    "load_runs",
    "metric_histories",
    "open_reader",
    "read_note",
    "remove_local_tag",
    "save_view",
    "saved_views",
    "set_direction",
    "set_local_tag",
    "source_states",
    "split_ref",
    "sync_source",
    "tabulate",
    "warnings_of",
    "write_note",
]
