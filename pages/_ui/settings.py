"""Settings as rows to draw."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lean_core.settings import redact
from pages._ui import text

if TYPE_CHECKING:
    from lean_core.settings import Settings


def list_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every key of lean.toml with its value as text, without secrets."""
    for section in dataclasses.fields(settings):
        value = getattr(settings, section.name)
        tables = {f"{section.name}.{name}": table for name, table in value.items()} if section.name == "sources" else {}
        for name, table in (tables or {section.name: value}).items():
            for field in dataclasses.fields(table):
                yield f"{name}.{field.name}", _say(getattr(table, field.name))


def _say(value: object) -> str:
    return text.duration(value.total_seconds()) if isinstance(value, dt.timedelta) else redact(str(value))
