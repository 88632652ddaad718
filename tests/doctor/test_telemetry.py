from __future__ import annotations

from lean_core.doctor.telemetry import check_telemetry
from lean_core.settings import TelemetrySettings

LOGFIRE = {"logfire": TelemetrySettings(kind="logfire", url="https://logfire.example", token_env="LOGFIRE_READ_TOKEN")}


def test_a_token_that_is_not_set_is_named():
    (found,) = check_telemetry(LOGFIRE, {})
    assert (found.severity, found.about) == ("warning", "telemetry logfire")
    assert "LOGFIRE_READ_TOKEN is not set" in found.message


def test_a_token_that_is_set_is_not_told():
    (found,) = check_telemetry(LOGFIRE, {"LOGFIRE_READ_TOKEN": "pylf_secret"})
    assert found.severity == "ok"
    assert "pylf_secret" not in repr(found)


def test_telemetry_without_a_secret_has_nothing_to_check():
    assert list(check_telemetry({"log": TelemetrySettings(kind="log", path="log")}, {})) == []
