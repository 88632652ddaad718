"""The shape of ``[gates.MODEL.ENVIRONMENT]``: what a version must pass before it may go there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from lean_core.settings.shape import LINE_PATTERN, NAME_PATTERN, Days, Wait, YesOrNo
from lean_core.settings.signals import SIGNAL_PATTERN

ANY_MODEL = "*"
"""Stands for every model that has no section of its own."""
LIVE = "live"
TYPES = ("integer", "number", "text", "boolean", "date", "timestamp")

_SHORT = Annotated[str, Meta(pattern=NAME_PATTERN)]
_LONG = Annotated[str, Meta(pattern=r"^(?=\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,300}(?<=\S)\Z")]
_PATH = Annotated[str, Meta(pattern=LINE_PATTERN)]
_FROM_0 = Annotated[float, Meta(ge=0)]
_PERCENT = Annotated[str, Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,9})?%\Z")]

Number = Annotated[float | None, Meta(description="a number")]
Change = Annotated[
    _FROM_0 | _PERCENT | None,
    Meta(description='a number from 0 on, in the unit of the metric, or a share of the baseline such as "2%"'),
]
Count = Annotated[Annotated[int, Meta(ge=0, le=2**53)] | None, Meta(description=f"a whole number from 0 to {2**53:,}")]
Against = Annotated[
    float | _SHORT, Meta(description='"live" (what is live in the environment), a version in quotes, or a number')
]
Direction = Annotated[Literal["higher", "lower"], Meta(description='"higher" or "lower": which is better')]
Name = Annotated[_SHORT | None, Meta(description="a name of 1 to 100 characters, in one line")]
Table = Annotated[
    str,
    Meta(
        pattern=LINE_PATTERN.replace(r"\Z", r"\.(parquet|csv|csv\.gz)\Z"),
        description="a .parquet, .csv or .csv.gz, with * for several: a path from where lean.toml lies, or s3://bucket/key",
    ),
]
OptionalTable = Annotated[Table | None, Meta(description=Table.__metadata__[0].description)]
ColumnType = Annotated[
    Literal["integer", "number", "text", "boolean", "date", "timestamp"] | None,
    Meta(description=f"one of {', '.join(TYPES)}, in quotes"),
]
Share = Annotated[Annotated[float, Meta(ge=0, le=1)] | None, Meta(description="a share from 0 to 1")]
Bound = Annotated[float | dt.date | dt.datetime | None, Meta(description="a number, or a date without quotes")]
"""msgspec can't tell dates from times in one type: `parse_gates` checks it by itself."""
Allowed = Annotated[
    Annotated[tuple[str | float, ...], Meta(min_length=1)] | None,
    Meta(description='a list of texts or of numbers, such as ["DE", "AT"]'),
]
Column = Annotated[_SHORT, Meta(description="the name of a column")]
Columns = Annotated[tuple[_SHORT, ...], Meta(min_length=1, description='a list of columns, such as ["customer_id"]')]
Target = Annotated[
    str,
    Meta(
        pattern=LINE_PATTERN.replace("^", "^(?!-)"),
        description='what pytest is to run, such as "tests/test_features.py::test_scaling"',
    ),
]
Python = Annotated[_PATH | None, Meta(description="the path of a Python that has pytest, such as .venv/bin/python")]
Date = Annotated[dt.date | None, Meta(description="a date without quotes, such as 2026-11-23")]
JsonFile = Annotated[_PATH | None, Meta(description="the path of a JSON file with `value` and `as_of`")]
SignalName = Annotated[
    Annotated[str, Meta(pattern=rf"^{SIGNAL_PATTERN}\Z")] | None,
    Meta(description="the name of a signal, as in [signals.NAME]"),
]
Reason = Annotated[_LONG | None, Meta(description="a reason of 1 to 300 characters, in one line")]
Items = Annotated[
    tuple[_LONG, ...], Meta(min_length=1, description="a list of items, each a text of 1 to 300 characters in one line")
]
People = Annotated[tuple[_SHORT, ...], Meta(min_length=1, description='a list of people, such as ["ana"]')]
Approvers = Annotated[int, Meta(ge=1, le=100, description="a whole number from 1 to 100")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSettings:
    """``metrics.NAME``: an offline metric has to lie between these."""

    min: Number = None
    max: Number = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSettings:
    """``baseline.METRIC``: a metric compared with that of something else."""

    direction: Direction
    """What is only guessed from a name must not decide on a release."""
    against: Against = LIVE
    max_regression: Change = None
    min_improvement: Change = None
    evaluated_on: Name = None
    """The name of the evaluation data among a record's data references; None: those that are called test, eval, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSettings:
    """``rows`` of a table."""

    min: Count = None
    max: Count = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessSettings:
    """``freshness`` of a table: how old its newest row may be."""

    column: Column
    max_age: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSettings:
    """``no_duplicates_with``: the training reference, of which the table must hold no row."""

    keys: Columns
    table: OptionalTable = None
    data: Name = None
    """The name of a data reference in the version's record, in place of ``table``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSettings:
    """``columns.NAME`` of a table; the column has to be there whatever else is said."""

    type: ColumnType = None
    nulls: Share = None
    """At most; not a number counts as null."""
    min: Bound = None
    max: Bound = None
    allowed: Allowed = None
    unique: YesOrNo = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSettings:
    """``data.NAME``: the quality of a table."""

    table: Table
    columns: Mapping[str, ColumnSettings] = field(default_factory=dict)
    rows: RowSettings | None = None
    freshness: FreshnessSettings | None = None
    no_duplicates_with: DuplicateSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformationSettings:
    """``transformation.NAME``: a test of a data transformation."""

    pytest: Target
    timeout: Wait = dt.timedelta(minutes=5)
    python: Python = None
    """None: the interpreter that runs this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessSettings:
    """``business.NAME``: a number that the business lives by, or why there is none yet."""

    min: Number = None
    max: Number = None
    value: Number = None
    as_of: Date = None
    file: JsonFile = None
    """Says value and date, in place of ``value`` and ``as_of``."""
    signal: SignalName = None
    """The signal whose last reading it is, in place of ``value`` and ``as_of``."""
    max_age: Days = dt.timedelta(days=90)
    not_yet: Reason = None
    by: Date = None
    """Until when it has to exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSettings:
    """``approvals``: who has to agree."""

    count: Approvers = 1
    by: People = ()
    """Empty: anybody."""
    self_approval: YesOrNo = False
    """Whether the approval of the person who registered the version counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverSettings:
    """``waivers``: how a check may be let through."""

    longest: Days = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """``[gates.MODEL.ENVIRONMENT]``."""

    metrics: Mapping[str, MetricSettings] = field(default_factory=dict)
    baseline: Mapping[str, BaselineSettings] = field(default_factory=dict)
    """By metric."""
    data: Mapping[str, DataSettings] = field(default_factory=dict)
    transformation: Mapping[str, TransformationSettings] = field(default_factory=dict)
    business: Mapping[str, BusinessSettings] = field(default_factory=dict)
    checklist: Items = ()
    approvals: ApprovalSettings | None = None
    waivers: WaiverSettings = field(default_factory=WaiverSettings)
