"""What can go wrong on the way goes wrong alike with every source that is asked over HTTP, and has its own sentence."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Source, Surroundings, Unread
from lean_core.signals.sources import dagster, http, logfire, prometheus
from lean_core.signals.sources.failure import attempt
from lean_core.signals.sources.web import answer_all
from tests import http_stub
from tests.signals.sources import raw

TOKEN = "s3cr3t-t0k3n"
READERS = {
    "prometheus": (prometheus.read, "up"),
    "http": (http.read, "status"),
    "dagster": (dagster.read, "job:nightly"),
    "logfire": (logfire.read, "select 1"),
}
QUICKLY = dt.timedelta(seconds=0.3)
"""For what never comes; it is waited for in full."""

Read = Callable[..., Answer]


@pytest.fixture(params=READERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def read_all(kind: str, ask, around: Surroundings) -> Callable[..., Mapping[str, Answer]]:
    """Return a function that asks an address two questions, with a token."""
    reader, expression = READERS[kind]

    def read(uri: str, *, seconds: float = 30, token_env: str = "TOKEN") -> Mapping[str, Answer]:
        wait = dt.timedelta(seconds=seconds)
        telemetry = TelemetrySettings(kind=kind, url=uri, timeout=wait, token_env=token_env)
        return reader(telemetry, [ask(expression, signal="one"), ask(expression, signal="two")], around)

    return read


@pytest.fixture
def unread(read_all) -> Callable[..., Unread]:
    """Return a function that asks what gives no number, and says why."""

    def read(uri: str, **how) -> Unread:
        one, two = read_all(uri, **how).values()
        assert isinstance(one, Unread)
        assert isinstance(two, Unread)
        assert TOKEN not in repr((one, two))
        assert one.sentence.isprintable()
        assert re.fullmatch(r"[^\n]{10,400}[^.]\.", one.sentence)
        return one

    return read


def stubbed(**said):
    return http_stub.http_stub(lambda _: http_stub.Answer(**said))


def test_nothing_listens(unread):
    uri = http_stub.refused()
    said = unread(uri)
    assert (said.trouble, said.sentence) == ("unreachable", f"{uri}: nothing listens there.")


def test_the_host_is_unknown(unread):
    said = unread("http://no-such-host.invalid")
    assert said.trouble == "unreachable"
    assert "its host is not known here" in said.sentence


def test_it_does_not_speak_tls(unread):
    with stubbed() as uri:
        said = unread(uri.replace("http:", "https:"))
    assert said.trouble == "unreachable"
    assert "no secure connection could be agreed on" in said.sentence


def test_its_certificate_is_nobodys(unread, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with raw.raw_stub(lambda _: raw.reply(), context) as uri:
        said = unread(uri.replace("http:", "https:"))
    assert said.trouble == "unreachable"
    assert "its certificate can't be verified" in said.sentence


def test_it_does_not_speak_http(unread):
    with raw.raw_stub(lambda _: [b"SSH-2.0-OpenSSH_9\r\n"]) as uri:
        said = unread(uri)
    assert said.trouble == "unreachable"
    assert "does not speak HTTP" in said.sentence


def test_it_breaks_off(unread):
    with raw.raw_stub(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"]) as uri:
        said = unread(uri)
    assert said.trouble == "unreachable"
    assert "broke off" in said.sentence


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999", "http://[::1", "http://a\u200bb"])
def test_the_address_is_none(unread, address):
    assert unread(address).trouble == "unreachable"


def test_the_token_is_not_set(unread):
    said = unread("http://127.0.0.1:1", token_env="NO_TOKEN")
    assert said.trouble == "unauthorised"
    assert "NO_TOKEN" in said.sentence


def test_the_token_has_a_space_behind_it(kind, ask, around, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    reader, expression = READERS[kind]
    spaced = replace(around, environ={"TOKEN": f"{TOKEN} "})
    with stubbed() as uri:
        telemetry = TelemetrySettings(kind=kind, url=uri, token_env="TOKEN", timeout=dt.timedelta(seconds=30))
        said = reader(telemetry, [ask(expression)], spaced)["it"]
    assert isinstance(said, Unread)
    assert said.sentence.endswith("the environment variable TOKEN, which holds the token, has spaces around it.")
    assert TOKEN not in repr(said) + caplog.text


def test_the_token_is_not_accepted(unread):
    with stubbed(status=401, body=b"no") as uri:
        said = unread(uri)
    assert (said.trouble, said.sentence) == ("unauthorised", f"{uri}: it does not accept the token (401).")


def test_the_question_is_forbidden(unread):
    with stubbed(status=403, body=b"<html>") as uri:
        said = unread(uri)
    assert said.trouble == "unauthorised"
    assert "(403)" in said.sentence


def test_the_token_is_sent(read_all):
    heard = []

    def answer(request: http_stub.Request) -> http_stub.Answer:
        heard.extend(value for value in request.headers.values() if TOKEN in value)
        return http_stub.Answer()

    with http_stub.http_stub(answer) as uri:
        read_all(uri)
    assert heard


def test_it_never_answers(unread):
    with http_stub.silence() as uri:
        said = unread(uri, seconds=QUICKLY.total_seconds())
    assert (said.trouble, said.sentence) == ("timed out", f"{uri}: it did not answer within 0.3 s.")


@pytest.mark.parametrize(
    "begin",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"],
    ids=["headers", "body"],
)
def test_it_drips(unread, begin):
    before = set(threading.enumerate())
    with raw.raw_stub(lambda _: raw.drip(begin)) as uri:
        said = unread(uri, seconds=QUICKLY.total_seconds())
        assert said.trouble == "timed out"
        for each in set(threading.enumerate()) - before:
            if each.name == "probe":
                each.join(timeout=30)
                assert not each.is_alive(), "who asked hung on to a server that drips"


def test_the_answer_is_too_long(unread):
    with stubbed(body=b" " * (5 * 1024**2)) as uri:
        said = unread(uri)
    assert said.trouble == "malformed"
    assert "longer than 4 MB" in said.sentence


def test_the_answer_is_packed(unread):
    bomb = gzip.compress(b" " * 10_000_000)
    with raw.raw_stub(lambda _: raw.reply("200 OK", "Content-Encoding: gzip", body=bomb)) as uri:
        said = unread(uri)
    assert said.trouble == "malformed"
    assert "compressed" in said.sentence


def test_a_redirect_to_another_host_is_not_followed(unread):
    heard = []
    with http_stub.http_stub(lambda request: heard.append(request) or http_stub.Answer()) as elsewhere:
        to = f"Location: {elsewhere}/login"
        with raw.raw_stub(lambda _: raw.reply("302 Found", to)) as uri:
            said = unread(uri)
    assert said.trouble == "malformed"
    assert "redirects elsewhere" in said.sentence
    assert heard == []


def test_a_login_page_is_no_answer(unread):
    def say(request: bytes) -> list[bytes]:
        if b"/login" in request.partition(b"\r\n")[0]:
            return raw.reply(body=b"<!doctype html><title>Log in</title>")
        return raw.reply("307 Temporary Redirect", "Location: /login")

    with raw.raw_stub(say) as uri:
        said = unread(uri)
    assert said.trouble == "malformed"
    assert re.search("web page|redirects elsewhere", said.sentence)


def test_a_circle_of_redirects_is_left(unread):
    with raw.raw_stub(lambda _: raw.reply("307 Temporary Redirect", "Location: /again")) as uri:
        assert unread(uri).trouble == "malformed"


def test_nothing_of_the_token_is_logged(read_all, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with stubbed(status=400, body=f'{{"status": "error", "error": "bad {TOKEN}"}}'.encode()) as uri:
        said = read_all(uri)
    assert TOKEN not in repr(said)
    assert TOKEN not in caplog.text


def test_what_every_question_would_hear_is_asked_once(read_all):
    heard = []
    with http_stub.http_stub(lambda request: heard.append(request) or http_stub.Answer(status=401)) as uri:
        read_all(uri)
    assert len(heard) == 1


# Only where a status means something else than a number


@pytest.mark.parametrize("kind", [each for each in READERS if each != "http"], indirect=True)
@pytest.mark.parametrize(
    ("said", "trouble", "words"),
    [
        ({"status": 404, "body": b"404 page not found"}, "missing", "nothing is there (404)"),
        ({"status": 500, "body": b"oops"}, "unreachable", "it failed (status 500)"),
        ({"status": 502, "body": b"<html>Bad Gateway</html>"}, "unreachable", "it failed (status 502)"),
        ({"status": 204, "body": b""}, "refused", "it answered with status 204"),
        ({"body": b"fine"}, "malformed", "the answer is not JSON"),
        ({"body": b"<html>Log in</html>"}, "malformed", "the answer is a web page (HTML)"),
        ({"body": b'{"some": "thing"}'}, "malformed", "the answer is JSON, but not as expected"),
        ({"body": b"[]"}, "malformed", "the answer is JSON, but not as expected"),
    ],
)
def test_a_source_that_does_not_answer_the_question_says_why(unread, said, trouble, words):
    with stubbed(**said) as uri:
        found = unread(uri)
    assert found.trouble == trouble
    assert words in found.sentence


@pytest.mark.parametrize("kind", [each for each in READERS if each != "http"], indirect=True)
def test_a_source_that_was_asked_too_often_says_when_to_ask_again(unread):
    with raw.raw_stub(lambda _: raw.reply("429 Too Many Requests", "Retry-After: 42", body=b"slow down")) as uri:
        said = unread(uri)
    assert said.trouble == "refused"
    assert said.sentence.endswith("it was asked too often (429): ask again in 42 s.")


def test_what_was_answered_before_time_was_up_counts(ask):
    questions = [ask("up", signal="one"), ask("up", signal="two")]
    telemetry = TelemetrySettings(kind="prometheus", url="http://metrics.example", timeout=dt.timedelta(seconds=30))
    seven = Measured(value=7, observed_at=questions[0].at, source=Source(place="http://metrics.example"))

    def work(*_):
        yield questions[0], seven
        raise TimeoutError

    said = answer_all(telemetry, questions, {}, work)
    assert said["one"] == seven
    assert isinstance(said["two"], Unread)
    assert "it answered 1 of 2 questions within 30 s" in said["two"].sentence


def test_what_is_heavy_is_imported_when_it_is_needed():
    code = """
import sys
from lean_core.signals.sources import dagster, http, logfire, prometheus
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"httpx", "logfire", "dagster", "pandas"}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout == "\n"


def test_a_connection_that_was_shut_because_time_was_up_timed_out():
    bound = Bound(30)
    bound.end()

    def work() -> None:
        raise httpx.ReadError("shut")

    with pytest.raises(TimeoutError):
        attempt(work, bound)
