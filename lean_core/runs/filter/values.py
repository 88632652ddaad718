"""Fits a value that was written to the key that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from lean_core.errors import FilterError
from lean_core.runs.filter.expectation import describe_value
from lean_core.runs.filter.moments import Length, Moment, from_milliseconds, read_time
from lean_core.runs.filter.nodes import Key
from lean_core.runs.filter.vocabulary import CHOICES, value_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A value and where it stands."""

    value: str | float | Length | Moment
    start: int
    end: int

    def error(self, problem: str, *, text: str, expected: str) -> FilterError:
        """Return an error at this place."""
        return FilterError(problem, text=text, start=self.start, end=self.end, expected=expected)


def fit_value(key: Key, written: Written, text: str) -> str | float | Moment:
    """Return the value as the key's type needs it.

    Raises:
        FilterError: the key can't be compared with such a value.
    """
    value = written.value
    wanted = value_type(key)
    if (isinstance(value, str) and wanted in ("text", "any")) or (
        isinstance(value, float) and wanted in ("number", "any", "seconds")
    ):
        return value
    if isinstance(value, Length) and wanted == "seconds":
        return value.seconds
    if wanted == "time" and not isinstance(value, Length):
        try:
            return to_moment(value)
        except ValueError as error:
            raise written.error(str(error), text=text, expected=describe_value(key)) from None
    problem = f"{str(key)!r} can't be compared with {_describe(value)}"
    raise written.error(problem, text=text, expected=describe_value(key))


def to_moment(value: str | float | Moment) -> Moment:
    """Read a time in any of its forms.

    Raises:
        ValueError: it is not a time, or there is no such time.
    """
    if isinstance(value, str):
        return read_time(value)
    return from_milliseconds(value) if isinstance(value, float) else value


def fit_choice(key: Key, written: Written, text: str) -> str | float | Moment:
    """Return the value as `fit_value` does, and refuse one that the key can never have.

    Raises:
        FilterError: the key can't be compared with it, or can't have it.
    """
    value = fit_value(key, written, text)
    if key.kind == "attribute" and key.name in CHOICES and value not in CHOICES[key.name]:
        problem = f"there is no {key.name} {value!r}"
        raise written.error(problem, text=text, expected=describe_value(key))
    return value


def _describe(value: str | float | Length | Moment) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, float):
        return "a number"
    return "a length of time" if isinstance(value, Length) else "a time"
