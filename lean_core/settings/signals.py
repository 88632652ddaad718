"""The shape of ``[telemetry.NAME]`` and ``[signals.NAME]``: where numbers come from, and which of them count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from msgspec import Meta

from lean_core.settings.heartbeats import NOT_SAID, JobModel, WebPage
from lean_core.settings.shape import LINE_PATTERN, Days, Endpoint, Name, Person, VariableName, Wait

SIGNAL_PATTERN = r"[A-Za-z0-9_-]{1,64}"
"""What a signal, or telemetry, may be called: facts are named by it, so without a dot."""
IMPORTED_RUNS = "runs"
"""The telemetry that every workspace has: the runs that it imported."""

TelemetryKind = Annotated[
    Literal["log", "prometheus", "logfire", "dagster", "sql", "http", "table"],
    Meta(description='"log", "prometheus", "logfire", "dagster", "sql", "http" or "table"'),
]
Class = Literal["errors", "latency", "stale_job", "missing_inputs", "prediction_drift", "data_quality", "business"]
CLASSES: tuple[Class, ...] = get_args(Class)
"""What a customer notices first, first."""
SignalClass = Annotated[Class, Meta(description=f"one of {', '.join(CLASSES)}")]
Line = Annotated[str, Meta(pattern=LINE_PATTERN, description="text in one line")]
OptionalLine = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z", description="text in one line")]
Expression = Annotated[
    str, Meta(min_length=1, max_length=10_000, pattern=r"^[^\x00]+\Z", description="text of 1 to 10,000 characters")
]
Number = Annotated[float, Meta(description="a finite number")]
Columns = Annotated[tuple[Line, ...], Meta(description='a list of names of columns, such as ["plan", "tenure_months"]')]
Engine = Annotated[
    str,
    Meta(
        pattern=r"^(duckdb|spark://[^\s@]+|local\[([0-9]{1,3}|\*)\]|[a-z][a-z0-9+]*://[^\s@]+)\Z",
        description='"duckdb", "spark://host:port", or the address of an engine that Ibis knows',
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogColumns:
    """``[telemetry.NAME.columns]``: which column of a prediction log is what; empty: there is none."""

    time: Line
    version: OptionalLine = ""
    prediction: OptionalLine = ""
    latency: OptionalLine = ""
    """In milliseconds."""
    status: OptionalLine = ""
    """An HTTP status (an error from 500 on), a boolean (true: an error) or a text (an error unless it is ok)."""
    label: OptionalLine = ""
    """What turned out to be true, filled in later; null until then."""
    features: Columns = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySettings:
    """``[telemetry.NAME]``: something that can be asked for numbers."""

    kind: TelemetryKind
    url: Endpoint = ""
    """Of ``prometheus``, ``logfire``, ``dagster`` and ``http``."""
    token_env: VariableName = ""
    """Which environment variable holds the token that the address wants."""
    uri_env: VariableName = ""
    """Of ``sql``: which environment variable holds the URI of the database, with its password."""
    uri: OptionalLine = ""
    """Of ``sql``: the URI of a database that wants no password."""
    path: OptionalLine = ""
    """Of ``log`` and ``table``: a file, a folder, a pattern with ``*``, or the same behind ``s3://bucket/``."""
    endpoint: Endpoint = ""
    """Of an S3 server that is not Amazon's."""
    region: OptionalLine = ""
    columns: LogColumns | None = None
    """Of ``log``."""
    reference: OptionalLine = ""
    """Of ``log``: the data that distributions are held against: the path of a table, or a past window ("28d")."""
    engine: Engine = "duckdb"
    """Of ``log``: what computes."""
    timeout: Wait = NOT_SAID
    """After which there is no answer. Read from a file, never zero: 10 s over a network, 5 minutes for files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSettings:
    """``[signals.NAME]``: one number with a threshold and a freshness limit. Python reserves ``class`` and ``for``."""

    source: Name
    """The name of its telemetry; "runs": the imported runs."""
    expression: Expression
    class_: SignalClass
    model: JobModel
    environment: Name = ""
    """Read from a file, never empty: without a word the last one of the promotion order."""
    max: Number | None = None
    """Beyond it the signal is broken."""
    min: Number | None = None
    """Below it the signal is broken."""
    warn: Number | None = None
    """Where a warning begins: below ``max`` or above ``min``."""
    for_: Days = NOT_SAID
    """How long it has to be beyond the threshold before it counts as broken; until then it is a warning."""
    window: Days = dt.timedelta(hours=1)
    """How far back an expression that counts or averages looks."""
    fresh: Days = dt.timedelta(days=1)
    """How long a reading counts."""
    unit: OptionalLine = ""
    owner: Person = ""
    runbook: WebPage = ""
    """What to do when it is broken."""
    paused: OptionalLine = ""
    """Why it is not read at the moment."""
