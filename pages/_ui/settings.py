"""Settings as rows to draw."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lean_core.settings import redact

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from lean_core.settings import Settings

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def list_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every key of lean.toml with its value as it could stand there, without secrets."""
    tables: dict[str, DataclassInstance | None] = {
        "workspace": settings.workspace,
        **{f"sources.{name}": source for name, source in settings.sources.items()},
        "registry": settings.registry,
        "environments": settings.environments,
        "runs": settings.runs,
        "server": settings.server,
        "store": settings.store,
    }
    for name, table in tables.items():
        for field in dataclasses.fields(table) if table else ():
            yield f"{name}.{field.name}", _say(getattr(table, field.name))
    yield from _leaves("gates", settings.gates)


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(f"{name}.{key}", each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _leaves(f"{name}.{field.name}", getattr(value, field.name))
    elif value not in (None, ()):
        yield name, _say(value)


def _say(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_say, value))
    if not isinstance(value, dt.timedelta):
        return redact(str(value))
    seconds = value.total_seconds()
    unit, length = next((each for each in _UNITS.items() if seconds % each[1] == 0), ("s", 1))
    return f"{seconds / length:g}{unit}"
