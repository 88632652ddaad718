"""Ask PostgreSQL for one number, in a transaction that can't write."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from lean_core.bound import Bound, run_within
from lean_core.settings import redact
from lean_core.signals.answer import Answer, Question, Source, Surroundings, Unread
from lean_core.signals.sources.sql_address import Address, find_address
from lean_core.signals.sources.sql_faults import NoConnection, explain_connection, explain_statement
from lean_core.signals.sources.sql_row import read_row

if TYPE_CHECKING:
    import adbc_driver_postgresql.dbapi as adbc
    import pyarrow as pa

    from lean_core.settings import TelemetrySettings

AT_ONCE = 4
"""Connections: a slow question does not keep the others waiting, and a small database is not swamped."""
SLACK = 1.0
"""Seconds: the database ends a statement itself, and tells so, unless it is silent."""
_DECLARE = "declare reading no scroll cursor for "
"""A cursor takes nothing but a query, and hands over two of its rows, however many it has."""


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question, by the name of its signal.

    An expression is one SELECT of one row: its first column is the number, ``n`` (if there is one) how many rows it was
    counted from, ``observed_at`` of when it is. Each has a connection of its own, and all of them have the timeout.
    """
    address = find_address(telemetry, around.environ)
    if isinstance(address, Unread):
        return {question.signal: address for question in questions}
    whole = Bound(telemetry.timeout.total_seconds())
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="sql") as pool:
        answers = pool.map(partial(_answer, address, whole), questions)
        return {question.signal: answer for question, answer in zip(questions, answers, strict=True)}


def _answer(address: Address, whole: Bound, question: Question) -> Answer:
    source = Source(place=address.place, query=redact(question.expression))
    try:
        left = whole.left()
        return run_within(left + SLACK, partial(_ask, address, question, source, left))
    except NoConnection as problem:
        return Unread(trouble=problem.trouble, sentence=problem.sentence, source=source)
    except TimeoutError:
        sentence = f"{address.place}: no answer within the timeout; check that it runs, and the network."
        return Unread(trouble="timed out", sentence=sentence, source=source)


def _ask(address: Address, question: Question, source: Source, wait: float, _: Bound) -> Answer:
    import adbc_driver_postgresql.dbapi as driver
    import pyarrow as pa

    try:
        connection = driver.connect(address.for_libpq(wait))
    except driver.Error as error:
        raise explain_connection(error, address) from None
    with contextlib.closing(connection):
        try:
            rows = _fetch(connection, question, wait)
        except (driver.Error, OSError, pa.ArrowException) as error:
            trouble, sentence = explain_statement(error, address)
            return Unread(trouble=trouble, sentence=sentence, source=source)
        return read_row(rows, question, source)


def _fetch(connection: adbc.Connection, question: Question, wait: float) -> pa.Table:
    with connection.cursor() as cursor:
        # COPY, by which the driver reads unless it is told not to, takes no FETCH.
        cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": "false"})
        # By statements, not by options of the connection: a pooler before the database may refuse those.
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute(f"set local statement_timeout = {max(1, round(wait * 1000))}")
        cursor.execute("set local timezone = 'UTC'")
        cursor.execute(_DECLARE + question.expression)
        cursor.execute("fetch 2 from reading")
        return cursor.fetch_arrow_table()
