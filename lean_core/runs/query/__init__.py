"""Find runs in the store, page by page."""

from lean_core.runs.query.activity import Activity, read_activity
from lean_core.runs.query.columns import differing, known_keys
from lean_core.runs.query.find import find_refs, find_runs, load_runs
from lean_core.runs.query.groups import MOST_GROUPS, Group, Spread, group_runs, group_table
from lean_core.runs.query.history import MetricHistory, metric_histories
from lean_core.runs.query.models import (
    ListedVersion,
    LoggedModel,
    Models,
    RegisteredVersion,
    VersionPage,
    list_versions,
    models_of,
)
from lean_core.runs.query.page import Hits, Moment, RunPage, RunQuery, View
from lean_core.runs.query.table import experiment_names

__all__ = [
    "MOST_GROUPS",
    "Activity",
    "Group",
    "Hits",
    "ListedVersion",
    "LoggedModel",
    "MetricHistory",
    "Models",
    "Moment",
    "RegisteredVersion",
    "RunPage",
    "RunQuery",
    "Spread",
    "VersionPage",
    "View",
    "differing",
    "experiment_names",
    "find_refs",
    "find_runs",
    "group_runs",
    "group_table",
    "known_keys",
    "list_versions",
    "load_runs",
    "metric_histories",
    "models_of",
    "read_activity",
]
