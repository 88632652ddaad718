"""S3 as MLflow reaches it, within bounds."""

from __future__ import annotations

import posixpath
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lean_core.runs.tracking import Limits, causes

if TYPE_CHECKING:
    from mlflow.store.artifact.s3_artifact_repo import S3ArtifactRepository

_PIECE = 1 << 20
_default_session = threading.Lock()


@contextmanager
def bounded_s3(limits: Limits) -> Iterator[None]:
    """Give the S3 clients that MLflow creates inside our bounds: its own are boto3's, which wait for minutes."""
    import boto3
    import botocore.session
    from botocore.config import Config

    with _default_session:
        saved = boto3.DEFAULT_SESSION
        session = botocore.session.get_session()
        session.set_default_client_config(
            Config(
                connect_timeout=min(3, limits.timeout),
                read_timeout=limits.timeout,
                retries={"total_max_attempts": 1 + limits.retries, "mode": "standard"},
                response_checksum_validation="when_required",  # servers older than the checksums
            )
        )
        boto3.setup_default_session(botocore_session=session)
        try:
            yield
        finally:
            boto3.DEFAULT_SESSION = saved


def read_s3(repository: S3ArtifactRepository, path: str, limit: int) -> tuple[bytes, int]:
    """Return the first ``limit`` bytes of an object, and its size."""
    bucket, root = repository.parse_s3_compliant_uri(repository.artifact_uri)  # type: ignore[no-untyped-call]
    client = repository._get_s3_client()  # type: ignore[no-untyped-call]  # noqa: SLF001 - with MLflow's settings for S3
    key = posixpath.join(root, path)
    size = int(client.head_object(Bucket=bucket, Key=key)["ContentLength"])
    if size == 0:  # nothing to take a range of
        return b"", 0
    part = client.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{limit - 1}")
    return part["Body"].read(), size


def stream_s3(repository: S3ArtifactRepository, path: str) -> Iterator[bytes]:
    """Yield an object's bytes as they come."""
    bucket, root = repository.parse_s3_compliant_uri(repository.artifact_uri)  # type: ignore[no-untyped-call]
    client = repository._get_s3_client()  # type: ignore[no-untyped-call]  # noqa: SLF001 - as above
    yield from client.get_object(Bucket=bucket, Key=posixpath.join(root, path))["Body"].iter_chunks(_PIECE)


def s3_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions of boto3."""
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def explain_s3(error: BaseException, limits: Limits) -> str:
    """Say what is wrong, as the end of a sentence that begins with the address."""
    from botocore import exceptions as of_boto

    error = next((cause for cause in causes(error) if isinstance(cause, s3_errors())), error)  # MLflow wraps some
    if isinstance(error, (of_boto.NoCredentialsError, of_boto.PartialCredentialsError)):
        return "needs credentials, and there are none in the environment or in ~/.aws"
    if isinstance(error, (of_boto.ConnectTimeoutError, of_boto.ReadTimeoutError)):
        return f"did not answer within {limits.timeout} s"
    if isinstance(error, of_boto.ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if status in {401, 403}:
            return "may not be read with these credentials (403)"
        if status == 404:  # noqa: PLR2004 - HTTP's "not found"
            return "is not there, or no longer (404)"
        return f"could not be read: the server answered {status}"
    return "can't be reached; check MLFLOW_S3_ENDPOINT_URL, the region and the network"
