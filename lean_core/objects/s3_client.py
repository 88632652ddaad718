"""The client of an S3 server: bounded in time, with credentials from the usual AWS places and from nowhere else."""

from __future__ import annotations

from functools import cache
from typing import Any

from lean_core.objects.s3_errors import explain
from lean_core.objects.s3_place import S3Place

CONNECT_SECONDS = 3
READ_SECONDS = 10
ATTEMPTS = 2
CONNECTIONS = 32


@cache
def _load_models() -> Any:  # noqa: ANN401
    """Return botocore's descriptions of AWS, which sessions may share: the second client takes 8 ms instead of 55."""
    from botocore.loaders import create_loader

    return create_loader()


def make_client(place: S3Place) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
    """Return boto3's client of a place's server. Importing and making it takes 0.4 s, so callers wait until they must.

    Raises:
        ObjectsError: the AWS settings of this machine can't be used.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError
    from botocore.session import get_session

    config = Config(
        # botocore waits for 60 s and tries five times: a silent server blocked us for 180 s.
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        max_pool_connections=CONNECTIONS,
        signature_version="s3v4",
        # Older servers refuse every put over https that comes with the checksums which botocore adds by itself.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if place.endpoint else {},
    )
    try:
        basis = get_session()
        basis.register_component("data_loader", _load_models())
        session = boto3.session.Session(botocore_session=basis)
        return session.client(
            "s3",
            endpoint_url=place.endpoint or None,
            region_name=place.region or session.region_name or "us-east-1",
            config=config,
        )
    except (BotoCoreError, ValueError) as error:
        raise explain(error, place) from None
