"""Talk to a tracking server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lean_core.runs.tracking.bounds import Limits, bounded
from lean_core.runs.tracking.sentence import explain
from lean_core.runs.tracking.trouble import Failure, Trouble, client_errors, diagnose

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from requests import Response


def is_server(uri: str) -> bool:
    """Say whether the address is that of a tracking server."""
    return uri.lower().startswith(("http://", "https://"))


@contextmanager
def talking(uri: str, limits: Limits) -> Iterator[None]:
    """Bound the calls of MLflow's client inside, and turn what it raises into a sentence of ours."""
    try:
        with bounded(limits):
            yield
    except client_errors() as error:
        raise explain(diagnose(error), uri, limits) from None


def open_client(uri: str) -> MlflowClient:
    """Return MLflow's client for ``uri``, its registry being the same place whatever the environment says."""
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def connect(uri: str, limits: Limits) -> None:
    """Make sure that a tracking server which lets us in answers at ``uri``.

    Raises:
        SourceError: it does not; the sentence says in which way.
    """
    # The plain response, since the client's exceptions lose the status of an answer that is JSON but not MLflow's.
    with talking(uri, limits):
        answer = send(uri, "/api/2.0/mlflow/experiments/search", "POST", json={"max_results": 1})
        status, well_formed = answer.status_code, _is_json_object(answer)
    if status != 200:  # noqa: PLR2004 - HTTP's OK
        raise explain(Failure(trouble=Trouble.STATUS, status=status), uri, limits)
    if not well_formed:
        raise explain(Failure(trouble=Trouble.MALFORMED), uri, limits)


def send(uri: str, endpoint: str, method: str, **content: object) -> Response:
    """Send one request as MLflow's client would, credentials and all, and return the answer whatever its status."""
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    creds = get_default_host_creds(uri.rstrip("/"))  # type: ignore[no-untyped-call]
    answer: Response = http_request(creds, endpoint, method, raise_on_status=False, **content)  # type: ignore[no-untyped-call]
    return answer


def _is_json_object(answer: Response) -> bool:
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False
