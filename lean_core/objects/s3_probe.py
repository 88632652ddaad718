"""Finding out whether a server creates an object only where there is none, even for writers at the same moment.

Servers that take a conditional put may look first and write then: of eight writers at once, several win. That can't be
asked, only tried.
"""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal

from lean_core.objects.probes import probe_once
from lean_core.objects.s3_errors import code_of, status_of
from lean_core.objects.s3_place import S3Place

FOLDER = ".lean-probe"
"""Where the probe writes, below the root. What it can't remove again is never listed."""
WRITERS = 8
ROUNDS = 6
_UNCLEAR_ROUNDS = 3
"""Without a winner, since the answer to it got lost."""
_BODY = b"The workbench tries here whether of several writers at once exactly one wins.\n" * 200
"""16 kB: a server that looks first and writes then does so while it takes the body."""

_LOST = frozenset({409, 412})
_NOT_UNDERSTOOD = frozenset({400, 501})
_UNSUPPORTED = frozenset({"NotImplemented", "InvalidArgument", "InvalidRequest"})
_Outcome = Literal["won", "lost", "refused"]


def creates_atomically(client: Any, place: S3Place) -> bool:  # noqa: ANN401 - boto3's client
    """Whether of several writers at once exactly one creates an object; tried once for each bucket.

    Raises:
        botocore's errors: it could not be tried.
    """
    return probe_once(f"{client.meta.endpoint_url}/{place.bucket}", lambda: _probe(client, place))


def _probe(client: Any, place: S3Place) -> bool:  # noqa: ANN401
    clear = 0
    # The first round also opens the connections, which spreads its writers in time.
    with ThreadPoolExecutor(WRITERS, thread_name_prefix="lean-probe") as threads:
        for _ in range(ROUNDS + _UNCLEAR_ROUNDS):
            outcomes = _race(client, place, threads)
            if "refused" in outcomes or outcomes.count("won") > 1:
                return False
            clear += outcomes.count("won")
            if clear == ROUNDS:
                return True
    return False


def _race(client: Any, place: S3Place, threads: ThreadPoolExecutor) -> list[_Outcome]:  # noqa: ANN401
    from botocore.exceptions import BotoCoreError, ClientError

    at = {"Bucket": place.bucket, "Key": place.within(f"{FOLDER}/{secrets.token_hex(8)}")}
    start = threading.Barrier(WRITERS)

    def write(_: int) -> _Outcome:
        start.wait()
        try:
            client.put_object(**at, Body=_BODY, IfNoneMatch="*")
        except ClientError as error:
            if status_of(error) in _LOST:
                return "lost"
            if status_of(error) in _NOT_UNDERSTOOD and code_of(error) in _UNSUPPORTED:
                return "refused"
            raise
        return "won"

    try:
        return list(threads.map(write, range(WRITERS)))
    finally:
        with suppress(BotoCoreError, ClientError):  # who may write may not always delete; what is left harms nobody
            client.delete_object(**at)
