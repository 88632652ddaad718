"""All SQL of the checkpoint: claims, results, facts, observations, hashes."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from lean_core.checkpoint.evidence import Value
from lean_core.store import first_row

if TYPE_CHECKING:
    import duckdb

    from lean_core.checkpoint.claim import Claim

Row = tuple[object, ...]

_CLAIM = "subject, says, value, link, claimed_at, claimed_by, good_until"


def encode_value(value: Value) -> str | None:
    """Write a value as JSON, a date as an object; None: there is none."""
    if value is None:
        return None
    return json.dumps({"date": value.isoformat()} if isinstance(value, dt.date) else value)


def decode_value(text: str | None) -> Value:
    """Read what `encode_value` wrote."""
    value = None if text is None else json.loads(text)
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"])
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


# Claims


def claim_rows(
    cursor: duckdb.DuckDBPyConnection,
) -> list[tuple[str, str, str | None, str, dt.datetime, str, dt.datetime]]:
    """Return every claim, by subject."""
    return cursor.execute(f"select {_CLAIM} from claim order by subject").fetchall()  # noqa: S608 - our own columns


def claim_row(cursor: duckdb.DuckDBPyConnection, subject: str) -> dict[str, object] | None:
    """Return a claim as the journal keeps it."""
    row = first_row(cursor, f"select {_CLAIM} from claim where subject = ?", [subject])  # noqa: S608 - our own columns
    if row is None:
        return None
    return {
        name: str(value) if isinstance(value, dt.datetime) else value
        for name, value in zip(_CLAIM.split(", "), row, strict=True)
    }


def put_claim(cursor: duckdb.DuckDBPyConnection, claim: Claim) -> None:
    """Write a claim."""
    cursor.execute(
        "insert or replace into claim values (?, ?, ?, ?, ?, ?, ?)",
        [
            claim.subject,
            claim.says,
            encode_value(claim.value),
            claim.link,
            claim.claimed_at,
            claim.claimed_by,
            claim.good_until,
        ],
    )


def drop_claim(cursor: duckdb.DuckDBPyConnection, subject: str) -> None:
    """Delete a claim."""
    cursor.execute("delete from claim where subject = ?", [subject])


# Results


def last_results(
    cursor: duckdb.DuckDBPyConnection, environment: str, moment: dt.datetime
) -> list[tuple[str, dt.datetime, str, str]]:
    """Return model, time, digest and content of the newest result of each model up to a moment."""
    return cursor.execute(
        """
        select model, found_at, digest, content
        from checkpoint
        where environment = ? and found_at <= ?
        qualify row_number() over (partition by model order by found_at desc, rowid desc) = 1
        order by model
        """,
        [environment, moment],
    ).fetchall()


def put_result(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, dt.datetime, str, str]) -> None:
    """Write model, environment, time, digest and content."""
    cursor.execute("insert into checkpoint values (?, ?, ?, ?, ?)", values)


def results_of(
    cursor: duckdb.DuckDBPyConnection, model: str, environment: str, since: dt.datetime
) -> list[tuple[dt.datetime, str]]:
    """Return time and content of a model's results, oldest first."""
    return cursor.execute(
        """
        select found_at, content
        from checkpoint
        where model = ? and environment = ? and found_at >= ?
        order by found_at
        """,
        [model, environment, since],
    ).fetchall()


# Facts


def last_facts(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[dt.datetime, str | None]]:
    """Return time and value of the newest row of each fact."""
    rows = cursor.execute(
        """
        select name, found_at, value
        from fact
        qualify row_number() over (partition by name order by found_at desc, rowid desc) = 1
        """
    ).fetchall()
    return {name: (found_at, value) for name, found_at, value in rows}


def put_facts(cursor: duckdb.DuckDBPyConnection, rows: list[tuple[str, dt.datetime, str | None]]) -> None:
    """Write name, time and value of facts."""
    if rows:
        cursor.executemany("insert into fact values (?, ?, ?)", rows)


def fact_rows(cursor: duckdb.DuckDBPyConnection, name: str, since: dt.datetime) -> list[tuple[dt.datetime, str | None]]:
    """Return a fact's values since a time, oldest first, with the one that was in force then."""
    return cursor.execute(
        """
        select found_at, value
        from fact
        where
            name = ?
            and found_at >= coalesce((select max(found_at) from fact where name = ? and found_at <= ?), ?)
        order by found_at
        """,
        [name, name, since, since],
    ).fetchall()


# Observations


def observation_rows(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    """Return the content of what each running system said when it last told."""
    return cursor.execute("select content from observation order by model, environment").fetchall()


def put_observation(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, dt.datetime, str]) -> None:
    """Write model, environment, time and content."""
    cursor.execute("insert or replace into observation values (?, ?, ?, ?)", values)


# Hashes


def hashed(cursor: duckdb.DuckDBPyConnection, place: str) -> tuple[str, str] | None:
    """Return tag and hash of data that was hashed."""
    found: tuple[str, str] | None = first_row(cursor, "select tag, sha256 from hashed_data where place = ?", [place])
    return found


def put_hashed(cursor: duckdb.DuckDBPyConnection, values: tuple[str, str, str, dt.datetime]) -> None:
    """Write place, tag, hash and time."""
    cursor.execute("insert or replace into hashed_data values (?, ?, ?, ?)", values)
