"""The JSON of records and events: what both have in common."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

LARGEST = 4_000_000
"""Bytes of a record, an event or a metrics file, at most: more is something else under its name."""

_Value = TypeVar("_Value")


def render(value: object, *, renamed: Mapping[str, str]) -> bytes:
    """Write a dataclass as indented JSON, its keys in the order of its fields, without what it does not say.

    JSON has no NaN and no infinities: they are written as strings.

    Args:
        value: a dataclass, whose times are naive UTC.
        renamed: the keys that are called otherwise than their fields.
    """
    text = json.dumps(_plain(value, renamed), indent=2, ensure_ascii=False, allow_nan=False)
    # A file name that was not UTF-8 has half a surrogate pair; its \udcff is how JSON writes one.
    return f"{text}\n".encode(errors="backslashreplace")


def in_utc(value: _Value) -> _Value:
    """Return a dataclass whose times are naive UTC.

    Raises:
        OverflowError: a time at the end of the calendar has no such form.
    """
    times: dict[str, Any] = {
        field.name: each.astimezone(dt.UTC).replace(tzinfo=None)
        for field in dataclasses.fields(value)  # type: ignore[arg-type]  # a dataclass, which no type can say
        if isinstance(each := getattr(value, field.name), dt.datetime) and each.tzinfo is not None
    }
    return dataclasses.replace(value, **times) if times else value  # type: ignore[type-var]


def _plain(value: object, renamed: Mapping[str, str]) -> object:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case dt.datetime():
            return f"{value.isoformat(timespec='milliseconds')}Z"
        case Mapping():
            return {str(key): _plain(each, renamed) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each, renamed) for each in value]
    if not dataclasses.is_dataclass(value):
        return value
    said = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {
        renamed.get(name, name): _plain(each, renamed) for name, each in said.items() if each not in (None, (), [], {})
    }
