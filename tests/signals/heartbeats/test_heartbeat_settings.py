from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import SettingsError
from lean_core.settings import HeartbeatSettings, parse_settings, read_duration, write_duration

PATH = Path("/home/ana/churn/lean.toml")


def heartbeats(text: str):
    return parse_settings(text, path=PATH).heartbeats


def test_without_a_section_no_job_is_declared():
    assert heartbeats("") == {}


def test_everything_can_be_said():
    text = """
    [heartbeats."nightly.scores"]
    model = "churn"
    environment = "test"
    every = "1d"
    grace = "90m"
    owner = "ana"
    runbook = "https://wiki.example.com/x"
    """
    assert heartbeats(text) == {
        "nightly.scores": HeartbeatSettings(
            model="churn",
            environment="test",
            every=dt.timedelta(days=1),
            grace=dt.timedelta(minutes=90),
            owner="ana",
            runbook="https://wiki.example.com/x",
        )
    }


def test_without_a_word_a_job_runs_where_customers_are():
    assert heartbeats('[environments]\norder = ["dev", "live"]\n[heartbeats.a]')["a"].environment == "live"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("heartbeats = 1", "heartbeats = 1: expected a table"),
        ("[heartbeats]\na = 1", "heartbeats.a = 1: expected a table, under a line [heartbeats.a]"),
        ("[heartbeats.a]\nevry = '1d'", "unknown key heartbeats.a.evry: did you mean heartbeats.a.every?"),
        ("[heartbeats.a]\nevery = 5", "heartbeats.a.every = 5: expected a duration"),
        ("[heartbeats.a]\nevery = '0s'", "heartbeats.a.every"),
        ("[heartbeats.a]\ngrace = 'soon'", 'heartbeats.a.grace = "soon": expected a duration'),
        ("[heartbeats.a]\nmodel = 'a/b'", "heartbeats.a.model"),
        ("[heartbeats.a]\nrunbook = 'wiki'", "heartbeats.a.runbook"),
        ("[heartbeats.a]\nenvironment = 'prd'", 'heartbeats.a.environment = "prd": expected one of dev, test, prod'),
        ("[heartbeats.'.a']", "expected the name of a job"),
    ],
)
def test_a_mistake_is_named(text: str, says: str):
    with pytest.raises(SettingsError) as refused:
        heartbeats(text)
    assert says in str(refused.value)


@pytest.mark.parametrize("text", ["1s", "90s", "15m", "36h", "1d", "3d", "2w", "1.5s"])
def test_a_duration_is_written_as_it_was_read(text: str):
    assert write_duration(read_duration(text)) == text
