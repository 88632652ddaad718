from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import SettingsError
from lean_core.settings import ProbeSettings, Settings, parse_settings

PATH = Path("/work/lean.toml")


def parsed(text: str) -> Settings:
    return parse_settings(text, path=PATH)


def test_no_probe_is_set_unless_somebody_sets_one():
    assert parsed("").probes == {}


def test_a_probe_is_set_for_a_model_in_an_environment():
    settings = parsed(
        """
        [probes.churn.prod]
        url = "https://api.example.org/version"
        json_path = "model.version"
        token_env = "CHURN_TOKEN"

        [probes."churn.v2".test]
        command = ["ssh", "web1", "cat", "VERSION"]
        timeout = "10s"

        [probes."churn.v2".prod]
        object = "s3://live/churn/model.pkl"
        compare = "digest"
        """
    )
    assert settings.probes == {
        "churn": {
            "prod": ProbeSettings(
                url="https://api.example.org/version", json_path="model.version", token_env="CHURN_TOKEN"
            )
        },
        "churn.v2": {
            "test": ProbeSettings(command=("ssh", "web1", "cat", "VERSION"), timeout=dt.timedelta(seconds=10)),
            "prod": ProbeSettings(object="s3://live/churn/model.pkl", compare="digest"),
        },
    }


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("", "probes.churn.prod has no way to ask: expected exactly one of url, file, object, log, command"),
        ('file = "x"\nurl = "http://a/"', "probes.churn.prod has url and file: expected exactly one"),
        ('file = "x"\ntoken_env = "T"', "probes.churn.prod.token_env goes with url only"),
        ('url = "http://ana:hunter2@a/"', "expected an http:// or https:// address without a user"),
        ('url = "ftp://a/"', "expected an http:// or https:// address"),
        ('file = "x"\njson_path = "a..b"', "expected names of keys and numbers of elements"),
        ('object = "live/VERSION"', "expected s3://bucket/key"),
        ('command = "cat VERSION"', "expected a list of a program and its arguments"),
        ("command = []", "expected a list of a program and its arguments"),
        ('file = "x"\ncompare = "size"', 'expected "version"'),
        ('file = "x"\ntimeout = "2h"', 'expected a duration from "1s" to "1h"'),
        ('url = "http://a/"\ntoken_env = "s3cret-value!"', "expected the name of an environment variable"),
        ('fiel = "x"', "unknown key probes.churn.prod.fiel: did you mean probes.churn.prod.file?"),
    ],
)
def test_a_mistake_is_named_by_its_key(toml: str, words: str):
    with pytest.raises(SettingsError) as raised:
        parsed(f"[probes.churn.prod]\n{toml}")
    assert words in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_an_environment_that_is_not_in_the_order_is_a_mistake():
    with pytest.raises(SettingsError, match=r"unknown key probes\.churn\.prd: did you mean probes\.churn\.prod"):
        parsed('[probes.churn.prd]\nfile = "x"')


def test_a_model_that_can_not_be_called_so_is_a_mistake():
    for name in ("a b", "trail", ".hidden"):
        with pytest.raises(SettingsError, match="expected the name of a model"):
            parsed(f'[probes."{name}".prod]\nfile = "x"')


def test_a_probe_must_be_a_table():
    for toml in ("probes = 1", "[probes]\nchurn = 1", "[probes.churn]\nprod = 1"):
        with pytest.raises(SettingsError, match=r"expected a table, under a line \[probes"):
            parsed(toml)
