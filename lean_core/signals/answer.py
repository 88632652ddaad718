"""What telemetry is asked, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from lean_core.objects import Objects
    from lean_core.settings import TelemetrySettings
    from lean_core.store import Store

Trouble = Literal["missing", "unreachable", "unauthorised", "timed out", "malformed", "empty", "too few", "refused"]
"""Why there is no number: nothing at that place, no connection, no permission, no answer in time, an answer that can't
be read, an answer without rows, fewer rows than a verdict needs, a question that the source does not understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One number that is asked for."""

    signal: str
    expression: str
    window: dt.timedelta
    """How far back to look."""
    at: dt.datetime
    """Now, naive UTC: the end of the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an answer rests on: enough to ask the same again by hand."""

    place: str
    """A path or an address, without secrets."""
    query: str = ""
    """As it was sent."""
    digest: str | None = None
    """SHA-256 over what was read, where it lies in files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """A distribution beside its reference, on the bins of the reference."""

    labels: tuple[str, ...]
    reference: tuple[int, ...]
    current: tuple[int, ...]

    @staticmethod
    def shares(counts: Sequence[int]) -> list[float]:
        """Return counts as shares of their sum: counts of unlike totals can't be compared."""
        whole = sum(counts) or 1
        return [count / whole for count in counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number."""

    value: float
    """Finite."""
    observed_at: dt.datetime
    """When the source knew it, naive UTC."""
    source: Source
    unit: str = ""
    """Empty: a plain number; "ratio": 0 to 1."""
    n: int | None = None
    """How many rows it was computed from; None where the source does not say."""
    since: dt.datetime | None = None
    """Where its window begins, naive UTC; the window ends at `observed_at`. None: it has none."""
    note: str = ""
    """One sentence on how it is defined, or what is odd, where a reader must know."""
    bins: Bins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """No number, and why."""

    trouble: Trouble
    sentence: str
    """What happened, where, and what to do, without a secret and in one line."""
    source: Source
    n: int | None = None


Answer = Measured | Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a source may use."""

    folder: Path
    """The workspace's: paths count from it."""
    environ: Mapping[str, str]
    store: Store
    """Its file: holds the imported runs, and what was counted of a log's files."""
    open_bucket: Callable[[str, str, str], Objects]
    """Returns the objects under a URI of S3, at an endpoint, in a region (each may be empty)."""


class Reader(Protocol):
    """Asks one kind of telemetry."""

    def __call__(
        self, telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings
    ) -> Mapping[str, Answer]:
        """Return an answer for each question, by the name of its signal; never raise for what the source does."""


def read_token(telemetry: TelemetrySettings, environ: Mapping[str, str]) -> str | Unread | None:
    """Return the token that the settings name, None where they name none."""
    if not telemetry.token_env:
        return None
    token = environ.get(telemetry.token_env, "")
    if token and token.isascii() and token.isprintable():
        return token
    problem = "has characters that can't be sent" if token else "is not set"
    sentence = f"The environment variable {telemetry.token_env}, which holds the token, {problem}."
    return Unread(trouble="unauthorised", sentence=sentence, source=Source(place=telemetry.url))
