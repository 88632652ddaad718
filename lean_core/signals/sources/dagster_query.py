"""Turn what is wanted of Dagster into one GraphQL query."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lean_core.signals.sources.failure import Failure, quote

JOBS = "jobs"
"""The name of the field that holds all jobs: a filter by a job that does not exist finds no runs, and no mistake."""
NEWEST = 25
"""Runs are ordered by when they were created; of so many, the one that ended last counts."""
_EXPRESSION = re.compile(r"(job|job_failed|asset):\s*(\S(?:.*\S)?)")
_STATUSES = {"job": ["SUCCESS"], "job_failed": ["SUCCESS", "FAILURE"]}
_RUNS = (
    f"runsOrError(filter: $%s, limit: {NEWEST})"
    " { __typename ... on Runs { results { runId status endTime } } ... on Error { message } }"
)
_ASSET = (
    "assetOrError(assetKey: $%s) { __typename"
    " ... on Asset { definition { id } assetMaterializations(limit: 1) { timestamp runId } } ... on Error { message } }"
)
_ALL_JOBS = (
    f"{JOBS}: repositoriesOrError"
    " { __typename ... on RepositoryConnection { nodes { jobs { name } } } ... on Error { message } }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an expression asks."""

    kind: Literal["job", "job_failed", "asset"]
    name: str
    """Of a job; or the parts of an asset's key, with slashes between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the query, with the variable that it needs."""

    name: str
    type: str
    variable: Mapping[str, Any]
    body: str

    @property
    def text(self) -> str:
        """Write the field as a query of its own."""
        return f"query(${self.name}: {self.type}) {{ {self.body} }} {json.dumps({self.name: self.variable})}"


def parse_expression(expression: str) -> Wanted | Failure:
    """Return what an expression asks."""
    match = _EXPRESSION.fullmatch(expression.strip())
    if match is None:
        reason = f'the expression "{quote(expression, None)}" is none of job:NAME, job_failed:NAME and asset:KEY/PARTS'
        return Failure(trouble="refused", reason=reason)
    return Wanted(kind=match[1], name=match[2])  # type: ignore[arg-type]  # the expression knows no other


def make_field(index: int, wanted: Wanted) -> Field:
    """Return the field that asks one thing."""
    name = f"q{index}"
    if wanted.kind == "asset":
        key = {"path": wanted.name.split("/")}
        return Field(name=name, type="AssetKeyInput!", variable=key, body=f"{name}: {_ASSET % name}")
    runs = {"pipelineName": wanted.name, "statuses": _STATUSES[wanted.kind]}
    return Field(name=name, type="RunsFilter!", variable=runs, body=f"{name}: {_RUNS % name}")


def make_query(wanted: Sequence[Wanted]) -> dict[str, Any]:
    """Return the query for all that is wanted; names are variables, and never part of its text."""
    fields = [make_field(index, each) for index, each in enumerate(wanted)]
    bodies = [each.body for each in fields]
    if any(each.kind != "asset" for each in wanted):
        bodies.append(_ALL_JOBS)
    head = ", ".join(f"${each.name}: {each.type}" for each in fields)
    return {
        "query": f"query({head}) {{ {' '.join(bodies)} }}",
        "variables": {each.name: each.variable for each in fields},
    }
