"""The metrics file, as it is taken from whoever measured: a flat JSON object of numbers is what is kept of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lean_core.errors import UsageError
from lean_core.registry.document import LARGEST
from lean_core.registry.metrics import as_number

METRICS = "metrics.json"
_MOST = 20_000
_DEEPEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsFile:
    """What a file measured."""

    values: Mapping[str, float]
    left_out: tuple[str, ...]
    """What stands in it and is no number, by its dotted name."""
    content: bytes
    """As it is kept: the file itself where it is a flat object of numbers in strict JSON, else written anew."""
    is_rewritten: bool


def parse_metrics_file(content: bytes, *, place: str) -> MetricsFile:
    """Read a metrics file; nested objects become names with dots, as ``test.auc``.

    Args:
        content: of the file.
        place: where it is, for a message.

    Raises:
        UsageError: it is not a JSON object, has no number in it, or says the same name twice.
    """
    if len(content) > LARGEST:
        raise UsageError(f"{place} has more than {LARGEST // 1_000_000} MB: name the file with the final metrics")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UsageError(f'{place} is not JSON: write the metrics as an object such as {{"auc": 0.91}}') from None
    if not isinstance(document, dict):
        raise UsageError(f'{place} is not a JSON object: write the metrics as {{"auc": 0.91}}')
    values, left_out = _split(document, place)
    if not values:
        raise UsageError(f'{place} has no number in it: write the metrics as {{"auc": 0.91}}')
    kept = render_metrics(values)
    is_own = not left_out and kept == render_metrics(_plain_numbers(document)) and _is_strict(content)
    return MetricsFile(values=values, left_out=left_out, content=content if is_own else kept, is_rewritten=not is_own)


def render_metrics(values: Mapping[str, float]) -> bytes:
    """Write metrics as the registry keeps them; NaN and infinities, which JSON has not, as strings."""
    shown = {key: value if math.isfinite(value) else _spell(value) for key, value in values.items()}
    return (json.dumps(shown, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode(errors="backslashreplace")


def flatten(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and value of everything in a document that is not itself an object.

    Raises:
        ValueError: it is too large or nested too deeply.
    """
    waiting: list[tuple[str, Any, int]] = [("", document, 0)]
    taken = 0
    while waiting:
        name, value, depth = waiting.pop()
        taken += 1
        if taken > _MOST or depth > _DEEPEST:
            raise ValueError("more than it is good for")
        if isinstance(value, Mapping):
            dotted = f"{name}." if name else ""
            waiting += [(f"{dotted}{key}", inner, depth + 1) for key, inner in reversed(list(value.items()))]
        else:
            yield name, value


def _split(document: Mapping[str, Any], place: str) -> tuple[dict[str, float], tuple[str, ...]]:
    values: dict[str, float] = {}
    left_out = []
    try:
        for name, value in flatten(document):
            number = as_number(value)
            if name in values:
                raise UsageError(f"{place} says {name!r} twice, once as a nested name: rename one")
            if number is None:
                left_out.append(name)
            else:
                values[name] = number
    except ValueError:
        raise UsageError(
            f"{place} has more than {_MOST:,} values, or is nested too deeply: keep the final metrics"
        ) from None
    return values, tuple(left_out)


def _plain_numbers(document: Mapping[str, Any]) -> dict[str, float]:
    return {name: number for name, value in document.items() if (number := as_number(value)) is not None}


def _is_strict(content: bytes) -> bool:
    def refuse(word: str) -> float:
        raise ValueError(word)

    try:
        json.loads(content.decode(), parse_constant=refuse)
    except ValueError:
        return False
    return True


def _spell(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
