"""Whether there is room to write."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lean_core.doctor.finding import Finding

MEGABYTE = 1_000_000
TOO_LITTLE = 100 * MEGABYTE
COMFORTABLE = 1_000 * MEGABYTE
"""A store of 100,000 runs with its history takes some 650 MB while it is imported."""


def check_disk(folder: Path, *, file_bytes: int) -> Finding:
    """Check that the workspace's folder can be written to and has room, for a copy of its file too."""
    if not os.access(folder, os.W_OK):
        return Finding(
            severity="error",
            about="disk",
            message=f"{folder} can't be written to",
            action="change its permissions, or use a workspace in a folder of your own",
        )
    free = shutil.disk_usage(folder).free
    message = f"{free / MEGABYTE:,.0f} MB free at {folder}"
    if free < TOO_LITTLE:
        return Finding(severity="error", about="disk", message=message, action="free some space: a sync writes there")
    if free < max(COMFORTABLE, 2 * file_bytes):
        return Finding(severity="warning", about="disk", message=message, action="free some before a large import")
    return Finding(severity="ok", about="disk", message=message)
