"""Runs: where they come from, how they are found, and how they compare."""

from lean_core.runs.axis import Axis, axis_of
from lean_core.runs.detect import Detected, FoundStore, detect
from lean_core.runs.direction import Direction
from lean_core.runs.export import MEDIA_TYPES, export
from lean_core.runs.filter import Completion, Key, complete, parse, parse_key
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
    View,
    differing,
    experiment_names,
    find_runs,
    group_runs,
    group_table,
    known_keys,
    load_runs,
    metric_histories,
)
from lean_core.runs.reader import SyncWarning
from lean_core.runs.readers import open_reader
from lean_core.runs.run import STATUSES, Input, Run, split_ref
from lean_core.runs.smoothing import smooth, thin
from lean_core.runs.source import Source
from lean_core.runs.starter import starter_toml
from lean_core.runs.sync import (
    SourceState,
    SyncProgress,
    SyncReport,
    last_success,
    source_states,
    sync_source,
    warnings_of,
)
from lean_core.runs.tabulate import Cell, Sheet, cell, tabulate, to_arrow

__all__ = [
    "MEDIA_TYPES",
    "STATUSES",
    "Axis",
    "Cell",
    "Completion",
    "Detected",
    "Direction",
    "FoundStore",
    "Group",
    "Input",
    "Key",
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
    "View",
    "axis_of",
    "cell",
    "complete",
    "delete_view",
    "detect",
    "differing",
    "directions",
    "experiment_names",
    "export",
    "find_runs",
    "group_runs",
    "group_table",
    "known_keys",
    "last_success",
    "load_runs",
    "metric_histories",
    "open_reader",
    "parse",
    "parse_key",
    "read_note",
    "remove_local_tag",
    "save_view",
    "saved_views",
    "set_direction",
    "set_local_tag",
    "smooth",
    "source_states",
    "split_ref",
    "starter_toml",
    "sync_source",
    "tabulate",
    "thin",
    "to_arrow",
    "warnings_of",
    "write_note",
]
