"""The sides of the comparisons on registries: ours, and a loop that a person would write.

Imports are done before the clock starts, on both sides; so are the connections to a server.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.measure import median, once, report

THREADS = 16
TIMES = 5


def ours_verify(workspace: str, versions: str) -> None:
    """List and check a registry, without the hashes of its files."""
    from lean_core.registry import tell_nobody
    from lean_core.registry.verify import Scope
    from lean_core.workbench import Workbench

    workbench = Workbench.open(Path(workspace))

    def verify() -> None:
        (found,) = workbench.verify_registry(Scope(), depth="records", tell=tell_nobody)
        if found.severity != "ok" or not found.what.startswith(f"{int(versions):,} versions "):
            sys.exit(f"the registry is not as it was made: {found}")

    verify()
    report(median(verify, times=TIMES))


def plain_loop(registry: str, versions: str) -> None:
    """Read the same files with `json.load`."""

    def loop() -> None:
        read = 0
        for path in Path(registry).glob("*/*/*.json"):
            with path.open(encoding="utf-8") as file:
                json.load(file)
                read += 1
        if read != 2 * int(versions):
            sys.exit(f"{read} files were read")

    loop()
    report(median(loop, times=TIMES))


def boto3_loop(endpoint: str, bucket: str, versions: str) -> None:
    """List a bucket and get the same objects with boto3 in threads."""
    import boto3
    from botocore.config import Config

    config = Config(s3={"addressing_style": "path"}, max_pool_connections=THREADS)
    client: Any = boto3.client("s3", endpoint_url=endpoint, region_name="default", config=config)

    def get(key: str) -> None:
        json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())

    def loop() -> None:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [each["Key"] for page in pages for each in page["Contents"] if each["Key"].endswith(".json")]
        with ThreadPoolExecutor(THREADS) as threads:
            read = sum(1 for _ in threads.map(get, keys))
        if read != 2 * int(versions):
            sys.exit(f"{read} objects were read")

    loop()
    report(median(loop, times=TIMES))


def ours_refresh(workspace: str) -> None:
    """Bring the index up to what the registry holds."""
    import pandas as pd  # noqa: F401 - pyarrow imports it
    import pyarrow as pa  # noqa: F401

    import lean_core.registry.index  # noqa: F401
    from lean_core.workbench import Workbench

    workbench = Workbench.open(Path(workspace))
    report(once(workbench.refresh_registry))


SIDES: dict[str, Callable[..., None]] = {
    side.__name__: side for side in (ours_verify, plain_loop, boto3_loop, ours_refresh)
}
