"""The index: what the registry holds, kept in the workspace's file so that no page has to ask a bucket.

It is a cache: deleting it loses nothing. It has a face of its own, because it needs DuckDB, which takes a fifth of a
second to import, and what reads the registry itself does not.
"""

from lean_core.registry.index.query import (
    IndexState,
    index_state,
    indexed_models,
    indexed_trail,
    indexed_version,
    indexed_versions,
)
from lean_core.registry.index.refresh import RefreshReport, refresh_index
from lean_core.registry.index.table import Model

__all__ = [
    "IndexState",
    "Model",
    "RefreshReport",
    "index_state",
    "indexed_models",
    "indexed_trail",
    "indexed_version",
    "indexed_versions",
    "refresh_index",
]
