"""Writing an object where there is none, left to the server to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lean_core.objects.s3_errors import status_of

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_CONFLICT, _EXISTS = 409, 412
_ATTEMPTS = 3
"""At a put that met another one at the same moment: AWS says 409 then, and wants it sent again."""


def put_if_absent(client: Any, at: dict[str, str], content: bytes) -> bool:  # noqa: ANN401 - boto3's client
    """Write an object on the condition that there is none, and return whether it was written.

    Raises:
        botocore's errors.
    """
    from botocore.exceptions import ClientError

    for attempt in range(_ATTEMPTS):
        try:
            client.put_object(**at, Body=content, IfNoneMatch="*")
        except ClientError as error:
            if status_of(error) == _EXISTS:
                return _was_sent_twice(error) and _is_there(client, at, content)
            if status_of(error) != _CONFLICT or attempt == _ATTEMPTS - 1:
                raise
        else:
            break
    return True


def _was_sent_twice(error: ClientError) -> bool:
    """Whether an answer got lost, so that what is there may be what we wrote with the first try."""
    return bool(error.response["ResponseMetadata"].get("RetryAttempts", 0))


def _is_there(client: Any, at: dict[str, str], content: bytes) -> bool:  # noqa: ANN401
    there: bytes = client.get_object(**at)["Body"].read()
    return there == content
