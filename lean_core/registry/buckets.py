"""Whether data lies in buckets."""

from __future__ import annotations

import threading
from pathlib import Path

from lean_core.errors import LeanError
from lean_core.objects import Objects, open_objects
from lean_core.registry.read import ABOUT_ALL

_SCHEME = "s3://"


class Buckets:
    """The buckets that records name. Several threads may share it."""

    def __init__(self, *, endpoint: str = "", region: str = "") -> None:
        """Remember the server; nothing is asked yet."""
        self._endpoint, self._region = endpoint, region
        self._opened: dict[str, Objects] = {}
        self._closed: dict[str, LeanError] = {}
        self._guard = threading.Lock()

    def exists(self, uri: str) -> bool:
        """Whether there is an object at an ``s3://`` URI, or anything below it.

        Raises:
            LeanError: it can't be told. A server that can't be reached is asked once: each time would take seconds.
        """
        bucket, _, key = uri.removeprefix(_SCHEME).partition("/")
        objects, key = self._open(bucket), key.rstrip("/")
        try:
            return (
                bool(key and objects.stat(key)) or next(iter(objects.walk(f"{key}/" if key else "")), None) is not None
            )
        except ABOUT_ALL as error:
            self._closed[bucket] = error
            raise

    def _open(self, bucket: str) -> Objects:
        with self._guard:
            if bucket in self._closed:
                raise self._closed[bucket]
            if bucket not in self._opened:
                self._opened[bucket] = open_objects(
                    _SCHEME + bucket, folder=Path(), endpoint=self._endpoint, region=self._region
                )
            return self._opened[bucket]
