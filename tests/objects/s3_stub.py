"""A few lines that speak S3, for what real servers won't do on demand: overlook conditions, lose answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.http_stub import Answer, Request, http_stub

XML = "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What was put, and asked."""

    objects: dict[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def put(self, request: Request) -> Answer:
        """Write an object, whatever the conditions."""
        self.objects[request.path] = request.body
        return Answer(body=b"")

    def answer(self, request: Request) -> Answer:
        """Do as S3 does, as far as it is needed."""
        if request.method == "PUT":
            return self.put(request)
        if request.method == "DELETE":
            self.objects.pop(request.path, None)
            return Answer(status=204, body=b"")
        if "list-type=2" in request.path:
            return Answer(
                body=b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>", content_type=XML
            )
        content = self.objects.get(request.path)
        return refuse(404, "NoSuchKey") if content is None else Answer(body=content, content_type="binary/octet-stream")


def refuse(status: int, code: str) -> Answer:
    """Answer with an error as S3 words it."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>s3cr3t words of the server</Message></Error>"
    return Answer(status=status, body=body.encode(), content_type=XML)


def is_conditional(request: Request) -> bool:
    """Whether a put is to happen only where there is nothing."""
    return request.method == "PUT" and request.headers.get("If-None-Match") == "*"


@contextmanager
def s3_stub(answer: Callable[[Bucket, Request], Answer]) -> Iterator[tuple[str, Bucket]]:
    """Serve a bucket, and yield its address and what is in it."""
    bucket = Bucket()

    def note(request: Request) -> Answer:
        bucket.requests.append(request)
        return answer(bucket, request)

    with http_stub(note) as uri:
        yield uri, bucket
