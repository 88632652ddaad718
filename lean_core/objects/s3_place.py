"""A prefix in a bucket: how it is written, and how it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lean_core.errors import NameRefused
from lean_core.objects.key import check_key
from lean_core.settings import redact

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Place:
    """Where objects lie on an S3 server. Credentials are no part of it."""

    bucket: str
    prefix: str = ""
    """Of all keys: empty, or ending in a slash."""
    endpoint: str = ""
    """Of a server that is not Amazon's, or empty."""
    region: str = ""

    @property
    def uri(self) -> str:
        """The place as a person writes it."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def server(self) -> str:
        """The server, as a person would name it."""
        return redact(self.endpoint) or "Amazon S3"

    def within(self, key: str) -> str:
        """Return the whole key, in the bucket, of one that counts from the root."""
        return self.prefix + key

    def shown(self, key: str) -> str:
        """Return the URI of an object, or of the root if the key is empty."""
        return f"{self.uri}/{key}" if key else self.uri


def parse_place(uri: str, *, endpoint: str, region: str) -> S3Place:
    """Read ``s3://bucket/prefix``.

    Raises:
        NameRefused: it is something else, or holds credentials.
    """
    bucket, _, prefix = uri.partition("://")[2].partition("/")
    if "@" in bucket:
        raise NameRefused(
            f"{redact(uri)} names a user: take it out, since credentials come from the usual AWS places only"
            " (AWS_PROFILE, ~/.aws, the machine's role)"
        )
    if not _BUCKET.fullmatch(bucket):
        raise NameRefused(f"{redact(uri)} has no bucket's name after s3://: write s3://bucket/prefix")
    prefix = prefix.strip("/")
    return S3Place(bucket=bucket, prefix=f"{check_key(prefix)}/" if prefix else "", endpoint=endpoint, region=region)
