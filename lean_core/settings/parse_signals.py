"""Reading ``[telemetry.NAME]`` and ``[signals.NAME]``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lean_core.errors import SettingsError
from lean_core.settings.signals import (
    IMPORTED_RUNS,
    SIGNAL_PATTERN,
    LogColumns,
    SignalSettings,
    TelemetrySettings,
)

if TYPE_CHECKING:
    from lean_core.settings.gates import GateSettings
    from lean_core.settings.parse import SettingsFile
    from lean_core.settings.shape import ProbeSettings

_WEB = ("url", "token_env")
_PLACE = ("path", "endpoint", "region")
_KEYS = {
    "log": (*_PLACE, "columns", "reference", "engine"),
    "table": _PLACE,
    "sql": ("uri_env", "uri"),
    "prometheus": _WEB,
    "logfire": _WEB,
    "dagster": _WEB,
    "http": _WEB,
}
"""What each kind may say beside ``kind`` and ``timeout``."""
_PATIENCE = {"log": dt.timedelta(minutes=5), "table": dt.timedelta(minutes=5)}
_NETWORK = dt.timedelta(seconds=10)
_NEEDED = {"log": ("path", "columns"), "table": ("path",), "logfire": ("url", "token_env"), "sql": ()}


def parse_telemetry(file: SettingsFile, tables: Mapping[str, Any]) -> dict[str, TelemetrySettings]:
    """Return what a lean.toml says of telemetry, by its names.

    Raises:
        SettingsError: a mistake, or a key that goes with another kind.
    """
    found: dict[str, TelemetrySettings] = {}
    for name in tables:
        place = _check_name(file, "telemetry", name)
        if name == IMPORTED_RUNS:
            raise SettingsError(f"{file.path}: {place}: that name means the imported runs: choose another one")
        table = file.table(tables, name, "telemetry.")
        nested = {"columns": lambda value, within: file.section(LogColumns, _as_table(file, value, within), within)}
        telemetry = file.section(TelemetrySettings, table, place, nested)
        _check_kind(file, telemetry, table, place)
        if not telemetry.timeout:
            telemetry = dataclasses.replace(telemetry, timeout=_PATIENCE.get(telemetry.kind, _NETWORK))
        found[name] = telemetry
    return found


def _check_kind(file: SettingsFile, telemetry: TelemetrySettings, table: Mapping[str, Any], place: str) -> None:
    kind, allowed = telemetry.kind, _KEYS[telemetry.kind]
    for key in table:
        if key not in {"kind", "timeout", *allowed}:
            raise SettingsError(
                f'{file.path}: {place}.{key} does not go with kind = "{kind}": expected {", ".join(allowed)}'
            )
    for key in _NEEDED.get(kind, ("url",)):
        if not getattr(telemetry, key):
            raise SettingsError(f'{file.path}: {place}.{key} is missing: kind = "{kind}" needs it')
    if kind == "sql" and bool(telemetry.uri) == bool(telemetry.uri_env):
        raise SettingsError(
            f"{file.path}: {place}: expected exactly one of uri (without a password) and uri_env (the name of an"
            " environment variable)"
        )
    if kind == "sql" and telemetry.uri and not re.match(r"postgres(ql)?://[^\s:@/]*(@|[^@\s]*\Z)", telemetry.uri):
        raise file.mistake(f"{place}.uri", telemetry.uri, "a postgresql:// URI without a password: else use uri_env")


def parse_signals(
    file: SettingsFile,
    tables: Mapping[str, Any],
    *,
    telemetry: Mapping[str, TelemetrySettings],
    environments: Sequence[str],
) -> dict[str, SignalSettings]:
    """Return what a lean.toml says of signals, by their names.

    Raises:
        SettingsError: a mistake, a source that is not declared, an unknown environment, or no threshold.
    """
    found: dict[str, SignalSettings] = {}
    for name in tables:
        place = _check_name(file, "signals", name)
        signal = file.section(SignalSettings, file.table(tables, name, "signals."), place)
        if not signal.environment:
            signal = dataclasses.replace(signal, environment=environments[-1])
        if signal.environment not in environments:
            raise file.mistake(f"{place}.environment", signal.environment, f"one of {', '.join(environments)}")
        sources = [*telemetry, IMPORTED_RUNS]
        if signal.source not in sources:
            raise file.mistake(
                f"{place}.source", signal.source, f"one of {', '.join(sources)} (declare it as [telemetry.NAME])"
            )
        _check_threshold(file, signal, place)
        found[name] = signal
    return found


def check_business_signals(
    file: SettingsFile, gates: Mapping[str, Mapping[str, GateSettings]], signals: Mapping[str, SignalSettings]
) -> None:
    """Refuse a gate that asks for a signal that nobody declares.

    Raises:
        SettingsError: it does.
    """
    for model, environments in gates.items():
        for environment, gate in environments.items():
            for name, business in gate.business.items():
                if business.signal is not None and business.signal not in signals:
                    key = f"gates.{model}.{environment}.business.{name}.signal"
                    raise file.mistake(key, business.signal, f"one of the signals, {', '.join(signals) or 'none yet'}")


def check_probed_logs(
    file: SettingsFile,
    probes: Mapping[str, Mapping[str, ProbeSettings]],
    telemetry: Mapping[str, TelemetrySettings],
) -> None:
    """Refuse a probe that asks a log that nobody declares, or that does not name the version.

    Raises:
        SettingsError: it does.
    """
    logs = [name for name, each in telemetry.items() if each.columns is not None and each.columns.version]
    for model, environments in probes.items():
        for environment, probe in environments.items():
            if probe.log and probe.log not in logs:
                known = ", ".join(logs) or "none yet"
                wanted = f'telemetry of kind "log" that names a column for the version, {known}'
                raise file.mistake(f"probes.{model}.{environment}.log", probe.log, wanted)


def _check_threshold(file: SettingsFile, signal: SignalSettings, place: str) -> None:
    for key in ("max", "min", "warn"):
        value = getattr(signal, key)
        if value is not None and not math.isfinite(value):
            raise file.mistake(f"{place}.{key}", value, "a finite number")
    if signal.max is None and signal.min is None:
        raise SettingsError(f"{file.path}: {place}: expected a threshold: max or min")
    if signal.max is not None and signal.min is not None:
        if signal.min > signal.max:
            raise file.mistake(f"{place}.min", signal.min, f"a number up to max, {signal.max:g}")
        if signal.warn is not None:
            raise SettingsError(f"{file.path}: {place}.warn goes with max or with min, not with both")
    elif signal.warn is not None:
        if signal.max is not None and signal.warn > signal.max:
            raise file.mistake(f"{place}.warn", signal.warn, f"a number up to max, {signal.max:g}")
        if signal.min is not None and signal.warn < signal.min:
            raise file.mistake(f"{place}.warn", signal.warn, f"a number from min, {signal.min:g}, on")


def _as_table(file: SettingsFile, value: object, place: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise file.mistake(place, value, f"a table, under a line [{place}]")


def _check_name(file: SettingsFile, section: str, name: str) -> str:
    place = file.place(section, name)
    if not re.fullmatch(SIGNAL_PATTERN, name):
        raise SettingsError(f"{file.path}: {place}: expected a name of 1 to 64 of A-Z a-z 0-9 _ -")
    return place
