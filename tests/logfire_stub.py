"""Logfire's query API on this machine: Logfire itself can't be had without an account.

It speaks the protocol as its documentation and its own client describe it: ``POST /v2/query`` with the read token,
without "Bearer", in ``authorization``, and JSON with ``sql``, ``min_timestamp`` (required), ``max_timestamp`` and
``limit``. The answer has ``schema`` and ``data``; a refusal is a problem of RFC 9457. The SQL is run by DuckDB, where
Logfire has DataFusion: what the tests ask is the same in both.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from tests.http_stub import Answer, Request, http_stub

READ_TOKEN = "pylf_v1_local_read"
_TABLE = """
create table everything (
    start_timestamp timestamp with time zone, duration double, span_name varchar, otel_status_code varchar
)
"""
_WINDOW = """
create or replace temp view records as
select * from everything where start_timestamp >= '{since}' and start_timestamp <= '{until}'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One that was recorded; ``at`` is naive UTC."""

    at: dt.datetime
    name: str = "predict churn"
    seconds: float = 0.1
    status: str = "OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logfire:
    """A server, and the bodies of what it was asked."""

    uri: str
    asked: list[dict] = field(default_factory=list)


@contextmanager
def start_logfire(spans: Sequence[Span]) -> Iterator[Logfire]:
    """Serve these spans to who has the read token."""
    with duckdb.connect() as database:
        database.execute("set timezone = 'UTC'")
        database.execute(_TABLE)
        database.execute("create macro approx_percentile_cont(x, share) as quantile_cont(x, share)")
        for each in spans:
            row = [each.at.replace(tzinfo=dt.UTC), each.seconds, each.name, each.status]
            database.execute("insert into everything values (?, ?, ?, ?)", row)
        asked: list[dict] = []
        with http_stub(lambda request: _answer(database.cursor(), request, asked)) as uri:
            yield Logfire(uri=uri, asked=asked)


def _answer(cursor: duckdb.DuckDBPyConnection, request: Request, asked: list[dict]) -> Answer:
    headers = {name.lower(): value for name, value in request.headers.items()}
    if headers.get("authorization") != READ_TOKEN:
        return Answer(status=401, body=b'{"detail": "Invalid token"}')
    if (request.method, request.path) != ("POST", "/v2/query"):
        return Answer(status=404)
    body = json.loads(request.body)
    asked.append(body)
    if "min_timestamp" not in body:
        return _refuse(422, "min_timestamp is required")
    try:
        until = body.get("max_timestamp", "infinity")
        cursor.execute(_WINDOW.format(since=body["min_timestamp"], until=until))
        rows = cursor.execute(body["sql"]).fetchmany(body.get("limit", 500))
    except duckdb.Error as error:
        return _refuse(400, str(error))
    names = [(column[0], str(column[1])) for column in cursor.description]
    fields = [{"name": name, "data_type": kind, "nullable": True} for name, kind in names]
    data = [{name: value for (name, _), value in zip(names, row, strict=True)} for row in rows]
    return Answer(body=json.dumps({"schema": {"fields": fields}, "data": data}, default=float).encode())


def _refuse(status: int, detail: str) -> Answer:
    problem = {
        "type": "about:blank",
        "title": "Query failed",
        "status": status,
        "detail": detail,
        "error_details": detail,
    }
    return Answer(status=status, body=json.dumps(problem).encode(), content_type="application/problem+json")
