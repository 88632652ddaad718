"""All SQL of a sync, a file for each noun: what it reads of the last import and how it writes the new one."""

from lean_core.runs.sync.table.amendment import Differences, amend_runs, find_differences, find_lost
from lean_core.runs.sync.table.bookmark import Bookmark, bookmark_of, keep_bookmark, last_sync_of, state_of
from lean_core.runs.sync.table.catalog import replace_catalog
from lean_core.runs.sync.table.lease import Lease, Unfinished, begin, finish, renew, sweep, unfinished
from lean_core.runs.sync.table.metric import fold_metrics
from lean_core.runs.sync.table.run import (
    Known,
    Replaced,
    compare,
    count_present,
    insert_rows,
    knows_runs,
    mark_gone,
    replace_runs,
)
from lean_core.runs.sync.table.source import (
    declare_source,
    last_success,
    mark_failed,
    mark_synced,
    replace_warnings,
    source_states,
    warnings_of,
    was_synced,
)

__all__ = [
    "Bookmark",
    "Differences",
    "Known",
    "Lease",
    "Replaced",
    "Unfinished",
    "amend_runs",
    "begin",
    "bookmark_of",
    "compare",
    "count_present",
    "declare_source",
    "find_differences",
    "find_lost",
    "finish",
    "fold_metrics",
    "insert_rows",
    "keep_bookmark",
    "knows_runs",
    "last_success",
    "last_sync_of",
    "mark_failed",
    "mark_gone",
    "mark_synced",
    "renew",
    "replace_catalog",
    "replace_runs",
    "replace_warnings",
    "source_states",
    "state_of",
    "sweep",
    "unfinished",
    "warnings_of",
    "was_synced",
]
