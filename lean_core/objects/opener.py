"""Opening the place that the settings name."""

from __future__ import annotations

from pathlib import Path

from lean_core.objects.local import LocalObjects
from lean_core.objects.objects import Objects
from lean_core.settings import scheme_of


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

    Raises:
        NameRefused: it names no bucket, or holds credentials.
    """
    if scheme_of(uri) == "s3":
        from lean_core.objects.s3 import S3Objects
        from lean_core.objects.s3_place import parse_place

        return S3Objects(parse_place(uri, endpoint=endpoint, region=region), single_writer=single_writer)
    return LocalObjects(folder / Path(uri).expanduser())
