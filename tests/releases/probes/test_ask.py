from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lean_core.errors import ObjectsForbidden
from lean_core.releases.probes import Said, Silent, Surroundings, ask
from lean_core.releases.probes.answer import LIMIT
from lean_core.settings import ProbeSettings
from tests.http_stub import Answer, Request, http_stub, refused, silence

BOUND = 20.0
"""Far above the time-outs below, and far below what an unbounded wait would take."""
QUICK = dt.timedelta(seconds=0.3)


def asked(folder: Path = Path(), *, environ: dict[str, str] | None = None, open_object=None, **probe) -> Said | Silent:
    surroundings = Surroundings(
        folder=folder,
        environ=environ or dict(os.environ),
        open_object=open_object or _nothing,
        ask_log=_nothing,
    )
    return ask(ProbeSettings(**probe), surroundings)


def _nothing(uri: str):
    raise AssertionError(uri)


def reason(*arguments, **probe) -> str:
    found = asked(*arguments, **probe)
    assert isinstance(found, Silent), found
    return found.reason


@contextmanager
def serving(*answers: Answer) -> Iterator[tuple[str, list[Request]]]:
    """Serve answers one after the other, the last one again and again, and note what was asked."""
    seen: list[Request] = []

    def answer(request: Request) -> Answer:
        seen.append(request)
        return answers[min(len(seen), len(answers)) - 1]

    with http_stub(answer) as address:
        yield address, seen


def test_a_url_with_a_json_path_tells_the_version():
    with serving(Answer(body=b'{"model": {"version": "12"}}')) as (address, seen):
        assert asked(url=f"{address}/version?full=1", json_path="model.version") == Said(text="12", kind="version")
    assert (seen[0].method, seen[0].path) == ("GET", "/version?full=1")
    assert "Authorization" not in seen[0].headers


def test_a_token_comes_from_the_environment():
    with serving(Answer(body=b"12", content_type="text/plain")) as (address, seen):
        environ = {"CHURN_TOKEN": "s3cret"}
        assert asked(url=address, token_env="CHURN_TOKEN", environ=environ) == Said(text="12", kind="version")
    assert seen[0].headers["Authorization"] == "Bearer s3cret"


def test_a_token_that_is_not_set_or_can_not_be_sent_is_said_and_nothing_is_asked():
    with serving(Answer(body=b"12")) as (address, seen):
        assert "CHURN_TOKEN with its token is not set" in reason(
            url=address, token_env="CHURN_TOKEN", environ={"A": "b"}
        )
        said = reason(url=address, token_env="CHURN_TOKEN", environ={"CHURN_TOKEN": "s3\ncret"})
    assert "characters that can't be sent" in said
    assert "cret" not in said
    assert seen == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=401), "it wants a token (401)"),
        (Answer(status=403), "it forbids the question (403)"),
        (Answer(status=404), "nothing is there (404)"),
        (Answer(status=429), "it answered with status 429"),
        (Answer(status=599), "it failed (status 599)"),
        (Answer(status=204, body=b""), "it answered with status 204"),
        (Answer(body=b"<html>Log in", content_type="text/html; charset=utf-8"), "the answer is a web page (HTML)"),
        (Answer(body=b"<html>Log in"), "the answer is a web page"),
        (Answer(body=b"{", content_type="application/json"), "the answer is not JSON"),
        (Answer(body=b"x" * (LIMIT + 1)), "longer than 64 kB"),
        (Answer(body=b"{}", length=50), "broke off"),
        (Answer(body=b""), "not JSON"),
    ],
)
def test_each_bad_answer_has_its_own_reason_and_is_not_quoted(answer: Answer, words: str):
    with serving(answer) as (address, _):
        said = reason(url=f"{address}/version", json_path="version", timeout=dt.timedelta(seconds=5))
    assert said.startswith(f"{address}/version: ")
    assert words in said
    assert "Log in" not in said


def test_a_token_that_is_not_accepted_is_another_reason():
    with serving(Answer(status=401)) as (address, _):
        said = reason(url=address, token_env="T", environ={"T": "s3cret"})
    assert "it does not accept the token (401)" in said
    assert "s3cret" not in said


def test_a_huge_answer_is_not_read_to_its_end():
    with serving(Answer(body=b"x" * 30_000_000)) as (address, _):
        began = time.monotonic()
        assert "longer than 64 kB" in reason(url=address)
    assert time.monotonic() - began < BOUND


@contextmanager
def redirect(locations: list[str], body: bytes = b"12") -> Iterator[tuple[str, list[str]]]:
    """Serve redirects to these places, one after the other, and then the body, over a socket of our own."""
    paths: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            for location in [*locations, None]:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    paths.append(connection.recv(65_536).decode(errors="replace"))
                    if location is None:
                        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
                    else:
                        place = location.replace("PORT", str(port))
                        head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
                    connection.sendall(head)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}", paths
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=BOUND)


def test_a_redirect_on_the_same_host_is_followed():
    with redirect(["/v2/version", "http://127.0.0.1:PORT/v3"]) as (address, paths):
        assert asked(url=f"{address}/version") == Said(text="12", kind="version")
    assert [path.split()[1] for path in paths] == ["/version", "/v2/version", "/v3"]


@pytest.mark.parametrize(
    "location",
    ["http://localhost:PORT/", "http://127.0.0.1:1/", "//example.org/", "ftp://127.0.0.1/", "file:///etc/passwd"],
)
def test_a_redirect_to_another_host_is_not_followed_and_gets_no_token(location: str):
    with redirect([location]) as (address, paths):
        said = reason(url=address, token_env="T", environ={"T": "s3cret"})
    assert "it redirects to another host, which is not followed" in said
    assert len(paths) == 1


def test_redirects_in_a_circle_end():
    with redirect(["/a", "/b", "/c", "/d", "/e"]) as (address, _):
        assert "redirects more than 3 times" in reason(url=address)


def test_who_does_not_answer_is_given_up_in_time():
    with silence() as address:
        began = time.monotonic()
        assert reason(url=address, timeout=QUICK) == f"{address}: it did not answer within 0.3 s"
    assert time.monotonic() - began < BOUND


@pytest.mark.parametrize("piece", [b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"])
def test_who_answers_drop_by_drop_is_given_up_in_time_and_its_connection_closed(piece: bytes):
    closed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    connection.sendall(piece)
                    while True:
                        connection.sendall(b"x")
                        time.sleep(0.02)
                except OSError:
                    closed.set()

        threading.Thread(target=drip, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        assert "did not answer within 0.3 s" in reason(url=address, timeout=QUICK)
        assert closed.wait(BOUND)


def test_a_refused_connection_an_unknown_host_and_no_http_each_have_their_reason():
    assert "nothing listens there" in reason(url=refused())
    assert "its host is not known here" in reason(url="http://no-such-host.invalid/", timeout=dt.timedelta(seconds=15))
    with redirect([]) as (address, _):
        assert "no secure connection" in reason(url=address.replace("http:", "https:"))
    assert "that is no address" in reason(url="http://127.0.0.1:99999999/")


def test_a_file_holds_the_version_or_is_the_artifact(tmp_path: Path):
    (tmp_path / "VERSION").write_text("12\n", encoding="utf-8")
    (tmp_path / "deployed.json").write_text('{"version": "13"}', encoding="utf-8")
    (tmp_path / "model.pkl").write_bytes(b"x" * 3_000_000)
    assert asked(tmp_path, file="VERSION") == Said(text="12", kind="version")
    assert asked(tmp_path, file=str(tmp_path / "VERSION")) == Said(text="12", kind="version")
    assert asked(tmp_path, file="deployed.json", json_path="version") == Said(text="13", kind="version")
    digest = hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert asked(tmp_path, file="model.pkl", compare="digest") == Said(text=digest, kind="digest")


def test_a_file_that_is_not_there_or_is_none_has_its_reason(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    assert reason(tmp_path, file="gone") == "gone: there is no such file"
    assert "a folder or a device" in reason(tmp_path, file=".")
    assert "a folder or a device" in reason(tmp_path, file="pipe")


def test_a_file_that_takes_too_long_to_hash_is_given_up(tmp_path: Path):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(400_000_000_000)  # sparse: it has a size, and needs no room
    said = reason(tmp_path, file="huge", compare="digest", timeout=QUICK)
    assert said == "huge: it did not answer within 0.3 s"


def test_an_object_is_opened_by_its_uri():
    opened: list[str] = []

    def open_object(uri: str):
        opened.append(uri)
        return io.BytesIO(b"12\n")

    assert asked(object="s3://live/churn/VERSION", open_object=open_object) == Said(text="12", kind="version")
    assert opened == ["s3://live/churn/VERSION"]
    digest = hashlib.sha256(b"12\n").hexdigest()
    assert asked(object="s3://live/x", open_object=open_object, compare="digest") == Said(text=digest, kind="digest")


def test_an_object_that_can_not_be_had_says_why():
    def open_object(_: str):
        raise ObjectsForbidden("s3://live is forbidden: ask its owner")

    assert reason(object="s3://live/x", open_object=open_object) == "s3://live/x: s3://live is forbidden: ask its owner"


def command(script: str, **probe) -> Said | Silent:
    return asked(command=(sys.executable, "-c", script), **{"timeout": dt.timedelta(seconds=20)} | probe)


def test_a_command_tells_the_version_and_sees_the_environment(tmp_path: Path):
    script = "import os; print(os.environ['LEAN_MODEL'], os.getcwd() == os.environ['HERE'], sep='-')"
    environ = dict(os.environ) | {"LEAN_MODEL": "churn", "HERE": str(tmp_path)}
    found = asked(tmp_path, command=(sys.executable, "-c", script), environ=environ, timeout=dt.timedelta(seconds=20))
    assert found == Said(text="churn-True", kind="version")


def test_no_shell_reads_a_command():
    assert asked(command=("echo", "$HOME; `id`")) == Said(text="$HOME; `id`", kind="version")


def test_a_command_that_fails_or_is_not_there_has_its_reason():
    failed = command("import sys; print('12'); print('password=hunter2', file=sys.stderr); sys.exit(3)")
    assert isinstance(failed, Silent)
    assert failed.reason.endswith("it ended with code 3")
    assert "hunter2" not in failed.reason
    assert "there is no such program" in reason(command=("no-such-program-here",))


def test_a_command_that_writes_without_end_is_stopped():
    found = command("while True: print('x' * 1000)")
    assert isinstance(found, Silent)
    assert "longer than 64 kB" in found.reason


def test_a_command_that_hangs_is_killed_with_all_that_it_started(tmp_path: Path):
    mark = tmp_path / "pid"
    script = f"echo $$ > {mark}; sleep 600 & sleep 600"
    said = reason(tmp_path, command=("sh", "-c", script), timeout=dt.timedelta(seconds=1))
    assert said.endswith("it did not answer within 1 s")
    group = int(mark.read_text())
    until = time.monotonic() + BOUND
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("it is still there")


def test_a_secret_in_a_command_is_not_shown():
    said = reason(command=("no-such-program", "token=abcdef"))
    assert "abcdef" not in said
