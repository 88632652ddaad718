"""Asks the engine that will run a regular expression whether it can."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def find_pattern_problem(pattern: str) -> str | None:
    """Say why DuckDB (RE2) refuses a regular expression, or None.

    Python's `re` is no judge: it has look-ahead and back-references, which RE2 refuses, and refuses what RE2 has.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:  # 11 ms
        try:
            connection.execute("SELECT regexp_matches('', ?)", [pattern]).fetchall()
        except duckdb.Error as error:
            return str(error).removeprefix("Invalid Input Error: ").partition("\n")[0]
    return None
