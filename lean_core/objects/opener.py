"""Opening the place that the settings name."""

from __future__ import annotations

from pathlib import Path

from lean_core.errors import UsageError
from lean_core.objects.local import LocalObjects
from lean_core.objects.objects import Objects


def open_objects(
    uri: str, *, folder: Path, endpoint: str = "", region: str = "", single_writer: bool = False
) -> Objects:
    """Return the objects at a place, without touching it yet.

    Args:
        uri: a path, from ``folder`` where it is not absolute.
        folder: of the workspace.
        endpoint: of an S3 server that is not Amazon's.
        region: of the bucket.
        single_writer: promises that nobody else writes there.
    """
    if uri.startswith("s3://"):
        raise UsageError(f"{uri} at {endpoint} in {region} ({single_writer}) can't be opened")
    return LocalObjects(folder / Path(uri.removeprefix("file://")).expanduser())
