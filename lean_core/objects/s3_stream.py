"""An object's bytes as they come from a server."""

from __future__ import annotations

import io
from typing import Any

from lean_core.objects.s3_errors import explain
from lean_core.objects.s3_place import S3Place

_CHUNK = 1 << 20


def open_stream(body: Any, place: S3Place, key: str) -> io.BufferedReader:  # noqa: ANN401 - botocore's StreamingBody
    """Return a file to read a response's body from."""
    return io.BufferedReader(_Stream(body, place, key), buffer_size=_CHUNK)


class _Stream(io.RawIOBase):
    """A response's body, whose errors are ours; one that ends too early is an error, not a shorter object."""

    def __init__(self, body: Any, place: S3Place, key: str) -> None:  # noqa: ANN401
        self._body = body
        self._place = place
        self._key = key

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any writable buffer
        from botocore.exceptions import BotoCoreError

        try:
            chunk = self._body.read(len(buffer))
        except (BotoCoreError, OSError) as error:
            raise explain(error, self._place, self._key) from None
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()
