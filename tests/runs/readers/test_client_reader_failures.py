from __future__ import annotations

import json

import pytest

from lean_core.errors import SourceError, SourceForbidden, SourceUnreachable, SourceUnreadable
from lean_core.runs.readers.client import ClientReader
from tests.http_stub import Answer, Request, http_stub, refused, silence


def failure(uri: str, *, timeout: float = 60) -> SourceError:
    """Return the error of a scan, which must be one line without anything that the server said."""
    with pytest.raises(SourceError) as caught:
        ClientReader(uri, timeout=timeout).scan(None)
    message = str(caught.value)
    assert "\n" not in message
    assert "hunter2" not in message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_a_silent_server_is_given_up_soon() -> None:
    with silence() as uri:
        error = failure(uri, timeout=1)
    assert isinstance(error, SourceUnreachable)
    assert f"{uri} did not answer within 1 s" in str(error)


def test_an_address_where_nothing_listens_is_unreachable() -> None:
    error = failure(refused())
    assert isinstance(error, SourceUnreachable)
    assert "nothing listens there" in str(error)


def test_a_host_that_nobody_knows_is_unreachable() -> None:
    error = failure("http://mlflow.invalid:5000")
    assert isinstance(error, SourceUnreachable)
    assert "host name is not known" in str(error)


def test_something_that_is_no_address_is_unreadable() -> None:
    error = failure("http://:5000")
    assert isinstance(error, SourceUnreadable)
    assert "is not an address" in str(error)


def test_a_password_in_the_address_is_not_shown() -> None:
    error = failure(refused().replace("://", "://ada:hunter2@"))
    assert "hunter2" not in str(error)
    assert "127.0.0.1" in str(error)


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (Answer(status=401, body=b"hunter2 required", content_type="text/plain"), SourceForbidden, "(401)"),
        (Answer(status=403, body=b'{"message": "hunter2"}'), SourceForbidden, "(403)"),
        (Answer(status=404, body=b"<html>hunter2</html>", content_type="text/html"), SourceUnreadable, "(404)"),
        (Answer(status=404, body=b'{"detail": "hunter2"}'), SourceUnreadable, "not an MLflow tracking server"),
        (Answer(status=429, body=b"hunter2"), SourceUnreachable, "less often"),
        (Answer(status=500, body=b'{"message": "hunter2"}'), SourceUnreachable, "error of its own (500)"),
        (Answer(status=503, body=b"hunter2", content_type="text/plain"), SourceUnreachable, "error of its own (503)"),
        (Answer(status=418, body=b"hunter2"), SourceUnreadable, "did not accept"),
        (Answer(body=b"<html>hunter2</html>", content_type="text/html"), SourceUnreadable, "login page"),
        (Answer(body=b'{"experiments": [{"name": "hunter2'), SourceUnreadable, "something else than MLflow"),
        (Answer(body=b'["hunter2"]'), SourceUnreadable, "something else than MLflow"),
        (Answer(body=b'{"experiments": ', length=500), SourceUnreachable, "broke off"),
    ],
    ids=["401", "403", "404", "404 json", "429", "500", "503", "418", "html", "truncated", "list", "broken off"],
)
def test_each_wrong_answer_has_its_own_sentence(answer: Answer, kind: type[SourceError], sentence: str) -> None:
    with http_stub(lambda _: answer) as uri:
        error = failure(uri)
    assert type(error) is kind
    assert sentence in str(error)
    assert uri in str(error)


def test_wrong_answers_after_the_first_have_sentences_too() -> None:
    def good_only_at_first(request: Request) -> Answer:
        if "experiments/search" in request.path:
            return Answer(body=b'{"experiments": [{"experiment_id": "1", "name": "one"}]}')
        return Answer(body=b'{"runs": "hunter2"}')

    with http_stub(good_only_at_first) as uri:
        error = failure(uri)
    assert isinstance(error, SourceUnreadable)


def test_plain_http_behind_an_https_address_is_a_matter_of_trust() -> None:
    with http_stub(lambda _: Answer()) as uri:
        error = failure(uri.replace("http:", "https:"))
    assert isinstance(error, SourceUnreachable)
    assert "TLS" in str(error)


def test_credentials_come_from_mlflow_s_own_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    def note(request: Request) -> Answer:
        seen.append(request.headers.get("Authorization"))
        return Answer(status=401, body=b"no", content_type="text/plain")

    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "hunter2")
    with http_stub(note) as uri:
        failure(uri)
    assert seen == ["Bearer hunter2"]


def test_the_log_says_nothing_that_the_server_said(capfd: pytest.CaptureFixture[str]) -> None:
    with http_stub(lambda _: Answer(status=500, body=json.dumps({"error_code": "hunter2"}).encode())) as uri:
        failure(uri)
    assert capfd.readouterr() == ("", "")
