"""Find runs in the store, page by page."""

from lean_core.runs.query.columns import differing, known_keys
from lean_core.runs.query.find import find_runs, load_runs
from lean_core.runs.query.page import RunPage, RunQuery

__all__ = ["RunPage", "RunQuery", "differing", "find_runs", "known_keys", "load_runs"]
