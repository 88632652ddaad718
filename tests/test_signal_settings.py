from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import SettingsError
from lean_core.settings import parse_settings

PATH = Path("/w/lean.toml")
LOG = '[telemetry.log]\nkind = "log"\npath = "logs"\n[telemetry.log.columns]\ntime = "at"\n'
SIGNAL = LOG + '[signals.errors]\nsource = "log"\nexpression = "error_rate"\nclass = "errors"\nmodel = "churn"\n'


def parse(text: str):
    return parse_settings(text, path=PATH)


def mistake(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    return str(caught.value).removeprefix(f"{PATH}: ")


def test_a_signal_has_what_lean_toml_says_and_the_last_environment_without_a_word():
    signal = parse(SIGNAL + 'max = 1\nwarn = 0.5\nfor = "10m"\nwindow = "6h"\nfresh = "2h"\n').signals["errors"]
    assert (signal.max, signal.warn, signal.environment) == (1.0, 0.5, "prod")
    assert (signal.for_, signal.window, signal.fresh) == (
        dt.timedelta(minutes=10),
        dt.timedelta(hours=6),
        dt.timedelta(hours=2),
    )


def test_a_log_is_given_more_time_than_a_server():
    found = parse(LOG + '[telemetry.prom]\nkind = "prometheus"\nurl = "http://127.0.0.1:9090"\n').telemetry
    assert (found["log"].timeout, found["prom"].timeout) == (dt.timedelta(minutes=5), dt.timedelta(seconds=10))


T = "[telemetry.t]\n"
MISTAKES = {
    T + 'kind = "graphite"': 'telemetry.t.kind = "graphite": expected "log", "prometheus", "logfire", "dagster", "sql",'
    ' "http" or "table"',
    T + 'kind = "prometheus"': 'telemetry.t.url is missing: kind = "prometheus" needs it',
    T + 'kind = "log"\npath = "x"': 'telemetry.t.columns is missing: kind = "log" needs it',
    T + 'kind = "log"\npath = "x"\ncolumns = 3': "telemetry.t.columns = 3: expected a table, under a line"
    " [telemetry.t.columns]",
    T + 'kind = "log"\npath = "x"\ncolumns = {}': "telemetry.t.columns.time is missing: expected text in one line",
    T + 'kind = "http"\nurl = "http://h"\npath = "x"': 'telemetry.t.path does not go with kind = "http": expected url,'
    " token_env",
    T + 'kind = "http"\nurl = "http://ana:secret@h"': 'telemetry.t.url = "http://ana:***@h": expected an http:// or'
    " https:// address without a user",
    T + 'kind = "logfire"\nurl = "http://h"': 'telemetry.t.token_env is missing: kind = "logfire" needs it',
    T + 'kind = "sql"': "telemetry.t: expected exactly one of uri (without a password) and uri_env (the name of an"
    " environment variable)",
    T + 'kind = "sql"\nuri = "postgresql://ana:secret@h/db"': 'telemetry.t.uri = "postgresql://ana:***@h/db": expected'
    " a postgresql:// URI without a password: else use uri_env",
    '[telemetry.runs]\nkind = "http"\nurl = "http://h"': "telemetry.runs: that name means the imported runs: choose"
    " another one",
    '[telemetry."a.b"]\nkind = "http"\nurl = "http://h"': 'telemetry."a.b": expected a name of 1 to 64 of A-Z a-z 0-9'
    " _ -",
    SIGNAL: "signals.errors: expected a threshold: max or min",
    SIGNAL + "max = nan": "signals.errors.max = nan: expected a finite number",
    SIGNAL + "max = '5'": 'signals.errors.max = "5": expected a finite number',
    SIGNAL + "max = 1\nmin = 2": "signals.errors.min = 2.0: expected a number up to max, 1",
    SIGNAL + "max = 1\nmin = 0\nwarn = 0.5": "signals.errors.warn goes with max or with min, not with both",
    SIGNAL + "max = 1\nwarn = 2": "signals.errors.warn = 2.0: expected a number up to max, 1",
    SIGNAL + "min = 1\nwarn = 0.5": "signals.errors.warn = 0.5: expected a number from min, 1, on",
    SIGNAL + "max = 1\nfor = 'soon'": 'signals.errors.for = "soon": expected a duration from "1s" to "520w" (units s m'
    " h d w)",
    SIGNAL + "max = 1\nenvironment = 'moon'": 'signals.errors.environment = "moon": expected one of dev, test, prod',
    SIGNAL.replace('source = "log"', 'source = "lgo"')
    + "max = 1": 'signals.errors.source = "lgo": expected one of log, runs (declare it as [telemetry.NAME])',
    SIGNAL.replace('class = "errors"', 'class = "error"') + "max = 1": 'signals.errors.class = "error": expected one of'
    " errors, latency, stale_job, missing_inputs, prediction_drift, data_quality, business",
    SIGNAL.replace('class = "errors"\n', "") + "max = 1": "signals.errors.class is missing: expected one of errors,"
    " latency, stale_job, missing_inputs, prediction_drift, data_quality, business",
    SIGNAL + "max = 1\nmaxx = 2": "unknown key signals.errors.maxx: did you mean signals.errors.max? (known here:"
    " source, expression, class, model, environment, max, min, warn, for, window, fresh, unit, owner, runbook, paused)",
    SIGNAL + "max = 1\n[gates.churn.prod.business.kept]\nsignal = 'kept'\nmin = 1": "gates.churn.prod.business"
    '.kept.signal = "kept": expected one of the signals, errors',
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=[str(at) for at in range(len(MISTAKES))])
def test_a_mistake_names_the_key_the_value_and_what_is_allowed(text: str, message: str):
    assert mistake(text) == message
