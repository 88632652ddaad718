from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.cli.exits import ExitCode
from lean_core.cli.signals import decide
from tests.http_stub import Answer, Request, http_stub

HEAD = '[registry]\nuri = "registry"\n[heartbeats.nightly]\nmodel = "churn"\nevery = "1d"\n'


class Api:
    """A system whose health answers as it is told to."""

    status = 200
    body = b'{"queue": 3}'

    def answer(self, _: Request) -> Answer:
        return Answer(status=self.status, body=self.body)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def folder(make_workspace, api: Api) -> Iterator[Path]:
    with http_stub(api.answer) as url:
        telemetry = f'[telemetry.api]\nkind = "http"\nurl = "{url}/health"\ntoken_env = "API_TOKEN"\n'
        health = (
            '[signals.health]\nsource = "api"\nexpression = "status"\nclass = "errors"\nmodel = "churn"\nmax = 299\n'
        )
        queue = (
            '[signals.queue]\nsource = "api"\nexpression = "json:queue"\nclass = "latency"\nmodel = "fraud"\nmax = 10\n'
            'warn = 3\nowner = "ana"\nrunbook = "https://wiki.example.com/queue"\n'
        )
        made = make_workspace(HEAD + telemetry + health + queue)
        (made / "registry").mkdir()
        yield made


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("API_TOKEN", "tok-12345")
    return "tok-12345"


def test_all_signals_are_read_and_the_jobs_are_heard(call, folder: Path, clock):
    call("beat", "nightly", cwd=folder)
    done = call("signals", cwd=folder)
    assert done.returncode == ExitCode.DONE
    assert [line.split()[:3] for line in done.stdout.splitlines()] == [
        ["signal", "state", "value"],
        ["health", "ok", "200"],
        ["queue", "warn", "3"],
        ["nightly", "ok", "0"],
    ]
    assert "note: queue is warn: 3, allowed is at most 10, a warning from 3 on." in done.stderr


def test_what_is_broken_is_a_no(call, folder: Path, api: Api, clock):
    api.body = b'{"queue": 11}'
    done = call("signals", "--only", "queue", cwd=folder)
    assert done.returncode == ExitCode.NO
    assert "queue is broken: 11, allowed is at most 10" in done.stderr
    assert "Runbook: https://wiki.example.com/queue" in done.stderr


def test_what_can_not_be_read_blocks_like_a_gate(call, folder: Path, api: Api, clock):
    api.body = b"<html>"
    assert call("signals", "--only", "queue", cwd=folder).returncode == ExitCode.UNKNOWN
    assert call("signals", "--only", "queue", "--fail-on", "broken", cwd=folder).returncode == ExitCode.DONE


def test_the_last_readings_are_shown_without_asking(call, folder: Path, api: Api, clock):
    call("signals", cwd=folder)
    api.status = 500
    clock.advance(hours=2)
    (health,) = [each for each in said(call("signals", "--last", "--json", cwd=folder)) if each["name"] == "health"]
    assert (health["state"], health["value"], health["age_seconds"]) == ("ok", 200.0, 7_200.0)


def test_a_reading_that_is_too_old_is_stale_by_the_clock_alone(call, folder: Path, clock):
    call("signals", cwd=folder)
    clock.advance(days=2)
    done = call("signals", "--last", "--model", "fraud", "--json", cwd=folder)
    assert done.returncode == ExitCode.UNKNOWN
    assert [each["state"] for each in said(done) if each["kind"] == "signal"] == ["stale"]


def test_a_reading_in_json_tells_what_it_rests_on(call, folder: Path, clock):
    (queue,) = said(call("signals", "--only", "queue", "--json", cwd=folder))
    assert queue["threshold"] == {"max": 10.0, "min": None, "warn": 3.0, "for_seconds": 0.0}
    assert queue["evidence"]["place"].endswith("/health")
    assert (queue["class"], queue["model"], queue["environment"]) == ("latency", "fraud", "prod")


def test_a_token_is_nowhere_in_what_is_said_or_kept(call, folder: Path, api: Api, token: str, clock):
    for status in (200, 401, 500):
        api.status = status
        done = call("signals", "--json", cwd=folder)
        assert token not in done.stdout + done.stderr
    assert token.encode() not in (folder / "lean.duckdb").read_bytes()


def test_without_a_token_nothing_is_asked_and_the_variable_is_named(
    call, folder: Path, monkeypatch: pytest.MonkeyPatch, clock
):
    monkeypatch.delenv("API_TOKEN")
    done = call("signals", "--only", "queue", cwd=folder)
    assert done.returncode == ExitCode.UNKNOWN
    assert "API_TOKEN" in done.stderr


def test_a_signal_that_nobody_declares_is_a_mistake(call, folder: Path):
    done = call("signals", "--only", "quue", cwd=folder)
    assert done.returncode == ExitCode.USAGE
    assert "lean.toml declares no signal 'quue'; there are: health, queue" in done.stderr


def test_without_any_signal_nothing_is_green(call, make_workspace):
    done = call("signals", cwd=make_workspace())
    assert done.returncode == ExitCode.UNKNOWN
    assert "no signal is declared yet" in done.stderr


@pytest.mark.parametrize(
    ("states", "fail_on", "code"),
    [
        (["ok", "warn"], "stale", ExitCode.DONE),
        (["ok", "warn"], "warn", ExitCode.NO),
        (["ok", "stale"], "stale", ExitCode.UNKNOWN),
        (["ok", "unknown"], "warn", ExitCode.UNKNOWN),
        (["stale", "broken"], "stale", ExitCode.NO),
        (["stale", "unknown"], "broken", ExitCode.DONE),
        (["paused", "ok"], "stale", ExitCode.DONE),
    ],
)
def test_the_exit_code_is_what_is_known_to_be_bad_before_what_is_not_known(states, fail_on, code):
    assert decide(states, fail_on=fail_on) == code


def said(done) -> list[dict]:
    return json.loads(done.stdout)
