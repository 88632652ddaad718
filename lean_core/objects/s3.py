"""A prefix in a bucket, on Amazon S3 or a server that speaks its language."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from lean_core.errors import AlreadyThere, CreateUnsafe
from lean_core.objects.key import check_folder, check_key, explain_refusal, split_prefix
from lean_core.objects.objects import ObjectInfo, Progress
from lean_core.objects.s3_client import make_client
from lean_core.objects.s3_create import put_if_absent
from lean_core.objects.s3_errors import code_of, explain, missing, status_of
from lean_core.objects.s3_place import S3Place
from lean_core.objects.s3_probe import FOLDER as PROBE
from lean_core.objects.s3_probe import creates_atomically
from lean_core.objects.s3_stream import open_stream
from lean_core.objects.s3_upload import send_file

_MISSING, _EMPTY = 404, 416
_UNCLEAR = frozenset({400, 403})


class S3Objects:
    """Objects below a prefix. Nothing is asked of the server before the first use; several threads may share it."""

    def __init__(self, place: S3Place, *, single_writer: bool = False) -> None:
        """Take a place; ``single_writer`` promises that nobody else writes there, which some servers make necessary."""
        self._place = place
        self._single_writer = single_writer
        self._made: Any = None
        self._making = threading.Lock()
        self._bucket_seen = False

    @property
    def uri(self) -> str:
        """``s3://bucket/prefix``."""
        return self._place.uri

    @property
    def place(self) -> S3Place:
        """Where it is, with the server."""
        return self._place

    def walk(self, prefix: str = "", *, without: str = "") -> Iterator[ObjectInfo]:  # noqa: ARG002
        """Yield the objects whose keys begin with a prefix, page by page; to leave some out would take more."""
        split_prefix(prefix)
        with self._explained(prefix):
            for page in self._pages(prefix):
                for found in page.get("Contents", ()):
                    key = found["Key"][len(self._place.prefix) :]
                    if not key.startswith(f"{PROBE}/") and not _is_folder_marker(key, found["Size"]):
                        yield _describe(key, found["Size"], found)

    def list_folders(self, prefix: str = "") -> list[str]:
        """Return the names of the folders right below ``prefix``: first parts of keys that have a slash after them."""
        check_folder(prefix)
        start = len(self._place.within(prefix))
        with self._explained(prefix):
            pages = self._pages(prefix, Delimiter="/")
            names = [each["Prefix"][start:-1] for page in pages for each in page.get("CommonPrefixes", ())]
        return sorted(name for name in names if name != PROBE and not explain_refusal(name))

    def stat(self, key: str) -> ObjectInfo | None:
        """Return what is known of an object, or None where there is none."""
        answer = self._head(key)
        return _describe(key, answer["ContentLength"], answer) if answer else None

    def known_sha256(self, key: str) -> str | None:
        """Return the digest that was noted with an object when it was uploaded, without reading it."""
        answer = self._head(key) or {}
        sha256: str | None = answer.get("Metadata", {}).get("sha256")
        return sha256

    def read(self, key: str, *, limit: int | None = None) -> bytes:
        """Return an object's bytes, at most ``limit`` of them."""
        with self._open(key, limit) as file:
            return file.read(-1 if limit is None else limit)

    def open(self, key: str) -> BufferedReader:
        """Open an object to read it as it comes."""
        return self._open(key, None)

    def creates_safely(self) -> bool:
        """Whether of several writers at once exactly one wins, tried once for each bucket."""
        with self._explained(""):
            return creates_atomically(self._client(), self._place)

    def create(self, key: str, content: bytes) -> None:
        """Create an object if it is not there.

        Raises:
            CreateUnsafe: the server was tried, and lets several writers win.
        """
        at = self._at(key)
        with self._explained(key):
            client = self._client()
            if self.creates_safely():
                created = put_if_absent(client, at, content)
            elif self._single_writer:
                created = self._head(key) is None and bool(client.put_object(**at, Body=content))
            else:
                raise CreateUnsafe(
                    f"{self._place.server} can't promise for {self.uri} that of two writers only one wins: if only one"
                    " machine or CI job ever writes there, say `single_writer = true` under [registry]; else use a"
                    " server whose If-None-Match is atomic"
                )
        if not created:
            raise AlreadyThere(f"{self._place.shown(key)} is there already and was not changed: choose another name")

    def upload(self, path: Path, key: str, *, progress: Progress, sha256: str | None = None) -> None:
        """Copy a local file under a key, in parts if it is big, and note its digest with it."""
        at = self._at(key)
        with self._explained(key):
            send_file(self._client(), path, at, sha256=sha256, progress=progress)

    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
        with self._making:
            if self._made is None:
                self._made = make_client(self._place)
            return self._made

    def _pages(self, prefix: str, **options: str | int) -> Iterator[dict[str, Any]]:
        pages = self._client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._place.bucket, Prefix=self._place.within(prefix), **options):
            self._bucket_seen = True
            yield page

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._place.bucket, "Key": self._place.within(check_key(key))}

    def _head(self, key: str) -> dict[str, Any] | None:
        from botocore.exceptions import ClientError

        at = self._at(key)
        with self._explained(key):
            try:
                answer: dict[str, Any] = self._client().head_object(**at)
            except ClientError as error:
                if status_of(error) == _MISSING:
                    self._check_bucket(key)
                    return None
                # The answer to HEAD has no body that says what is wrong. The one to a listing has.
                if status_of(error) in _UNCLEAR and not self._is_listed(key):
                    return None
                raise
            return answer

    def _is_listed(self, key: str) -> bool:
        """Whether a listing has an object. Who may list only a prefix is forbidden to see that one is missing."""
        page = next(self._pages(key, MaxKeys=1))
        return any(found["Key"] == self._place.within(key) for found in page.get("Contents", ()))

    def _check_bucket(self, key: str) -> None:
        """Let an error out if it is the bucket that is missing, or no S3 server that says so."""
        from botocore.exceptions import ClientError

        if self._bucket_seen:
            return
        try:
            self._is_listed(key)
        except ClientError as error:
            if code_of(error) != "AccessDenied":
                raise

    def _open(self, key: str, limit: int | None) -> BufferedReader:
        from botocore.exceptions import ClientError

        at = self._at(key)
        options = {} if limit is None else {"Range": f"bytes=0-{max(limit, 1) - 1}"}
        with self._explained(key):
            try:
                answer = self._client().get_object(**at, **options)
            except ClientError as error:
                if code_of(error) == "AccessDenied" and not self._is_listed(key):
                    raise missing(self._place, key) from None
                if status_of(error) != _EMPTY:
                    raise
                answer = self._client().get_object(**at)  # of an empty object no range can be had
        return open_stream(answer["Body"], self._place, key)

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        """Say what an error of the server or its client means at this place."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError, OSError, ValueError) as error:
            raise explain(error, self._place, key) from None


def _describe(key: str, size: int, answer: dict[str, Any]) -> ObjectInfo:
    # The answer to HEAD has whole seconds, a listing may have more: both must give the same tag.
    modified: dt.datetime = answer["LastModified"].astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    # Ceph leaves the ETag of an object in parts empty, so it alone would not do.
    tag = f"{answer.get('ETag', '').strip(chr(34))}-{size}-{modified:%Y%m%dT%H%M%S}"
    return ObjectInfo(key=key, bytes=size, modified=modified, tag=tag, refused=explain_refusal(key))


def _is_folder_marker(key: str, size: int) -> bool:
    """Whether it is what consoles leave behind when a person makes a folder."""
    return size == 0 and (not key or key.endswith("/"))
