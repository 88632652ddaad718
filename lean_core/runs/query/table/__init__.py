"""All SQL that reads runs, a file for each noun."""

from lean_core.runs.query.table.group import grouped, spreads
from lean_core.runs.query.table.hit import ATTRIBUTES, join_of, narrow, page_of
from lean_core.runs.query.table.key import distinct_keys, experiment_names
from lean_core.runs.query.table.model import logged_by_uri, logged_of, registered_by_name, registered_of, versions_page
from lean_core.runs.query.table.point import points_of
from lean_core.runs.query.table.run import (
    OF_EXPERIMENT,
    SHOWN,
    activity_since,
    numbers_beginning,
    numbers_by_id,
    numbers_called,
    numbers_of,
    oldest_sign,
    refs_of,
    runs_of,
)

__all__ = [
    "ATTRIBUTES",
    "OF_EXPERIMENT",
    "SHOWN",
    "activity_since",
    "distinct_keys",
    "experiment_names",
    "grouped",
    "join_of",
    "logged_by_uri",
    "logged_of",
    "narrow",
    "numbers_beginning",
    "numbers_by_id",
    "numbers_called",
    "numbers_of",
    "oldest_sign",
    "page_of",
    "points_of",
    "refs_of",
    "registered_by_name",
    "registered_of",
    "runs_of",
    "spreads",
    "versions_page",
]
