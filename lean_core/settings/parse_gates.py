"""Reading ``[gates.MODEL.ENVIRONMENT]``: no gate that can't be met, and none that asks for nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from lean_core.settings.gates import (
    ANY_MODEL,
    ApprovalSettings,
    BaselineSettings,
    BusinessSettings,
    ColumnSettings,
    DataSettings,
    DuplicateSettings,
    FreshnessSettings,
    GateSettings,
    MetricSettings,
    RowSettings,
    TransformationSettings,
    WaiverSettings,
)
from lean_core.settings.uri import scheme_of

if TYPE_CHECKING:
    from lean_core.settings.parse import SettingsFile

_MODEL = re.compile(r"(?!trail\Z)[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
"""As `registry.names` has it."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,250}")
"""Of a metric or a column; MLflow's keys hold slashes, spaces, any letter."""
_NUMERIC = frozenset({"integer", "number"})
_TIMES = frozenset({"date", "timestamp"})
_ALL = 100
"""Percent."""

_Value = TypeVar("_Value")
_Read = Callable[[Any, str], _Value]


def parse_gates(
    file: SettingsFile, tables: Mapping[str, Any], *, environments: Sequence[str]
) -> dict[str, dict[str, GateSettings]]:
    """Return the gates of a lean.toml, by model and environment.

    Raises:
        SettingsError: a mistake, an environment that is not in ``environments``, or a gate that asks for nothing.
    """
    gates: dict[str, dict[str, GateSettings]] = {}
    for model in tables:
        place = file.place("gates", model)
        if model != ANY_MODEL and not _MODEL.fullmatch(model):
            raise file.mistake(place, tables[model], f'the name of a model, or "{ANY_MODEL}" for every other one')
        of_model = _table(file, tables[model], place, what="a table for each environment, such as [gates.churn.prod]")
        file.refuse_unknown(of_model, known=list(environments), within=f"{place}.")
        gates[model] = {name: _Gate(file).read(of_model[name], file.place(place, name)) for name in of_model}
    return gates


@dataclasses.dataclass(frozen=True, slots=True)
class _Gate:
    """Reads one gate; each method one kind of check."""

    file: SettingsFile

    def read(self, value: object, place: str) -> GateSettings:
        table = _table(self.file, value, place)
        gate = self.file.section(
            GateSettings,
            table,
            place,
            {
                "metrics": self.each(_KEY, "a metric's name", self.metric),
                "baseline": self.each(_KEY, "a metric's name", self.baseline),
                "data": self.each(_NAME, "a name of 1 to 64 of A-Z a-z 0-9 _ -", self.data),
                "transformation": self.each(_NAME, "a name of 1 to 64 of A-Z a-z 0-9 _ -", self.transformation),
                "business": self.each(_NAME, "a name of 1 to 64 of A-Z a-z 0-9 _ -", self.business),
                "approvals": self.approvals,
                "waivers": self.plain(WaiverSettings),
            },
        )
        if not set(table) - {"waivers"}:
            kinds = ", ".join(field.name for field in dataclasses.fields(GateSettings) if field.name != "waivers")
            raise self.file.mistake(place, table, f"at least one check ({kinds}): without one all would pass")
        self.distinct(gate.checklist, f"{place}.checklist")
        return gate

    def each(self, allowed: re.Pattern[str], what: str, read: _Read[_Value]) -> _Read[dict[str, _Value]]:
        def read_all(value: object, place: str) -> dict[str, _Value]:
            tables = _table(self.file, value, place, what=f"a table with an entry for each name, such as {place}.NAME")
            if not tables:
                raise self.file.mistake(place, value, "at least one entry")
            for name in tables:
                if not allowed.fullmatch(name):
                    raise self.file.mistake(self.file.place(place, name), tables[name], f"{what} as the key")
            return {name: read(tables[name], self.file.place(place, name)) for name in tables}

        return read_all

    def plain(self, shape: type[_Value]) -> _Read[_Value]:
        return lambda value, place: self.file.section(shape, _table(self.file, value, place), place)  # type: ignore[type-var]

    def metric(self, value: object, place: str) -> MetricSettings:
        metric = self.plain(MetricSettings)(value, place)
        self.bounds(metric.min, metric.max, value, place)
        return metric

    def baseline(self, value: object, place: str) -> BaselineSettings:
        baseline = self.plain(BaselineSettings)(value, place)
        if (baseline.max_regression is None) == (baseline.min_improvement is None):
            raise self.file.mistake(place, value, "either max_regression or min_improvement")
        if isinstance(baseline.against, float):
            self.finite(baseline.against, f"{place}.against")
            if baseline.evaluated_on is not None:
                raise self.file.mistake(
                    f"{place}.evaluated_on", baseline.evaluated_on, "no evaluation data beside a number to compare with"
                )
        for key in ("max_regression", "min_improvement"):
            change = getattr(baseline, key)
            self.finite(change, f"{place}.{key}")
            if key == "min_improvement" and change is not None and not _amount(change):
                raise self.file.mistake(f"{place}.{key}", change, "more than 0: for no change use max_regression = 0")
            if key == "max_regression" and isinstance(change, str) and _amount(change) >= _ALL:
                raise self.file.mistake(
                    f"{place}.{key}", change, 'less than "100%": to allow the loss of everything is no limit'
                )
        return baseline

    def data(self, value: object, place: str) -> DataSettings:
        data = self.file.section(
            DataSettings,
            _table(self.file, value, place),
            place,
            {
                "columns": self.each(_KEY, "a column's name", self.column),
                "rows": self.rows,
                "freshness": self.plain(FreshnessSettings),
                "no_duplicates_with": self.duplicates,
            },
        )
        self.reachable(data.table, f"{place}.table")
        if not data.columns and not data.rows and not data.freshness and not data.no_duplicates_with:
            raise self.file.mistake(place, value, "at least one of columns, rows, freshness, no_duplicates_with")
        return data

    def rows(self, value: object, place: str) -> RowSettings:
        rows = self.plain(RowSettings)(value, place)
        self.bounds(rows.min, rows.max, value, place)
        return rows

    def duplicates(self, value: object, place: str) -> DuplicateSettings:
        duplicates = self.plain(DuplicateSettings)(value, place)
        if (duplicates.table is None) == (duplicates.data is None):
            raise self.file.mistake(place, value, "either table (a path) or data (the name of a data reference)")
        if duplicates.table is not None:
            self.reachable(duplicates.table, f"{place}.table")
        self.distinct(duplicates.keys, f"{place}.keys")
        return duplicates

    def column(self, value: object, place: str) -> ColumnSettings:
        table = _table(self.file, value, place)
        column = self.file.section(ColumnSettings, table, place, {"min": self.bound, "max": self.bound})
        for key in ("min", "max"):
            bound = getattr(column, key)
            wanted = _NUMERIC if isinstance(bound, float) else _TIMES
            if bound is not None and column.type is not None and column.type not in wanted:
                raise self.file.mistake(f"{place}.{key}", bound, f'a bound that suits type = "{column.type}"')
        if None not in {column.min, column.max}:
            if isinstance(column.min, float) != isinstance(column.max, float):
                raise self.file.mistake(f"{place}.max", column.max, "two numbers or two dates as min and max")
            if _moment(column.min) > _moment(column.max):
                raise self.file.mistake(f"{place}.min", column.min, f"at most max, which is {column.max}")
        if column.allowed is not None:
            self.allowed(column, place)
        return column

    def bound(self, value: object, place: str) -> float | dt.date:
        if isinstance(value, dt.date):
            return value
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not abs(value) <= sys.float_info.max:  # type: ignore[arg-type]  # not a number is not <= either
            raise self.file.mistake(place, value, "a number, or a date without quotes")
        return float(value)  # type: ignore[arg-type]

    def allowed(self, column: ColumnSettings, place: str) -> None:
        kinds = {type(each) for each in column.allowed or ()}
        wanted = {float} if column.type in _NUMERIC else {str} if column.type else kinds
        if len(kinds) > 1 or kinds != wanted:
            raise self.file.mistake(f"{place}.allowed", list(column.allowed or ()), "texts or numbers, as type says")
        self.distinct(column.allowed or (), f"{place}.allowed")
        for each in column.allowed or ():
            self.finite(each, f"{place}.allowed")

    def transformation(self, value: object, place: str) -> TransformationSettings:
        return self.plain(TransformationSettings)(value, place)

    def business(self, value: object, place: str) -> BusinessSettings:
        table = _table(self.file, value, place)
        business = self.plain(BusinessSettings)(value, place)
        if business.not_yet is not None or business.by is not None:
            if set(table) != {"not_yet", "by"}:
                raise self.file.mistake(place, value, "not_yet (why there is none) and by (a date), nothing else")
            return business
        ways = [way for way in ({"value", "as_of"}, {"file"}, {"signal"}) if way & set(table)]
        if len(ways) != 1 or not ways[0] <= set(table):
            raise self.file.mistake(place, value, "value and as_of (a date), or file, or signal, or not_yet and by")
        self.finite(business.value, f"{place}.value")
        self.bounds(business.min, business.max, value, place)
        return business

    def approvals(self, value: object, place: str) -> ApprovalSettings:
        approvals = self.plain(ApprovalSettings)(value, place)
        self.distinct(approvals.by, f"{place}.by")
        if approvals.by and approvals.count > len(approvals.by):
            raise self.file.mistake(
                f"{place}.count", approvals.count, f"at most {len(approvals.by)}, as many as may approve (by)"
            )
        return approvals

    def bounds(self, least: float | None, most: float | None, table: object, place: str) -> None:
        if least is None and most is None:
            raise self.file.mistake(place, table, "min, max or both")
        self.finite(least, f"{place}.min")
        self.finite(most, f"{place}.max")
        if least is not None and most is not None and least > most:
            raise self.file.mistake(f"{place}.min", least, f"at most max, which is {most:g}")

    def finite(self, value: object, place: str) -> None:
        if isinstance(value, float) and not math.isfinite(value):
            raise self.file.mistake(place, value, "a finite number")

    def distinct(self, values: Sequence[object], place: str) -> None:
        if len(set(values)) < len(values):
            raise self.file.mistake(place, list(values), "each entry once")

    def reachable(self, table: str, place: str) -> None:
        if scheme_of(table) not in {None, "s3"}:
            raise self.file.mistake(place, table, "a path, or s3://bucket/key")


def _table(file: SettingsFile, value: object, place: str, *, what: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise file.mistake(place, value, what or "a table")


def _amount(change: float | str) -> float:
    return float(change.removesuffix("%")) if isinstance(change, str) else change


def _moment(bound: object) -> Any:  # noqa: ANN401 - a number or a time, compared with its like
    if isinstance(bound, dt.datetime):
        return bound.astimezone(dt.UTC).replace(tzinfo=None) if bound.tzinfo else bound
    return dt.datetime.combine(bound, dt.time()) if isinstance(bound, dt.date) else bound
