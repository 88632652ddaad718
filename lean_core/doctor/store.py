"""Whether the workspace's file can be used."""

from __future__ import annotations

from lean_core.doctor.finding import Finding
from lean_core.errors import StoreBusy, StoreError
from lean_core.workbench import Workbench

MEGABYTE = 1_000_000


def check_store(workbench: Workbench) -> Finding:
    """Check that lean.duckdb opens, and say what is in it; one that is not there yet is fine, and is not made."""
    path = workbench.store.path
    if not path.exists():
        return Finding(severity="ok", about="store", message=f"there is no {path.name} yet: the first sync makes it")
    try:
        tables = {table.name: table.rows for table in workbench.contents()}
    except StoreBusy as error:
        return Finding(severity="unknown", about="store", message=str(error))
    except StoreError as error:
        return Finding(severity="error", about="store", message=str(error))
    size = workbench.file_bytes() / MEGABYTE
    what = f"{tables['run']:,} runs, schema {tables['schema_migration']}, {size:,.1f} MB"
    return Finding(severity="ok", about="store", message=f"{path}: {what}, held by nobody else")
