"""Sending a local file to a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lean_core.errors import UsageError
from lean_core.objects.objects import Progress

PART = 16 << 20
"""Files up to this size are sent in one piece, bigger ones in parts of it. 10,000 parts are allowed: 160 GB."""
_AT_ONCE = 4


def send_file(
    client: Any,  # noqa: ANN401 - boto3's client
    path: Path,
    at: dict[str, str],
    *,
    sha256: str | None,
    progress: Progress,
) -> None:
    """Write a file as an object, which is there when all of it is.

    Args:
        client: of the server.
        path: of the file.
        at: bucket and key.
        sha256: of the file; noted with the object.
        progress: is told of each part.

    Raises:
        UsageError: the file can't be read.
        botocore's errors.
    """
    metadata = {"sha256": sha256} if sha256 else {}
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}): name a file that can") from None
    with file:
        if size <= PART:
            client.put_object(**at, Body=file, Metadata=metadata)
            progress(size)
            return
    _send_parts(client, path, at, extra={"Metadata": metadata}, progress=progress)


def _send_parts(
    client: Any,  # noqa: ANN401
    path: Path,
    at: dict[str, str],
    *,
    extra: dict[str, Any],
    progress: Progress,
) -> None:
    from boto3.s3.transfer import ProgressCallbackInvoker
    from s3transfer.manager import TransferConfig, TransferManager

    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_request_concurrency=_AT_ONCE)
    # Leaving it by an exception calls the parts that were sent back.
    with TransferManager(client, config) as transfers:
        transfers.upload(
            str(path), at["Bucket"], at["Key"], extra_args=extra, subscribers=[ProgressCallbackInvoker(progress)]
        ).result()
