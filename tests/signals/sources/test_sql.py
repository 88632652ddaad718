from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Surroundings, Unread
from lean_core.signals.sources.sql import read
from lean_core.store import Store
from tests.postgres import PASSWORD, QUOTED, Postgres, postgres_server  # noqa: F401 - a fixture

pytestmark = pytest.mark.postgresql

NOW = dt.datetime(2026, 11, 23, 12)


@pytest.fixture(scope="session")
def shop(postgres_server: Postgres) -> Postgres:  # noqa: F811 - pytest hands the fixture over by its name
    """A database with three orders and a function that writes."""
    postgres_server.execute("create database shop")
    postgres_server.execute(
        "create table orders (amount numeric(10, 2), paid boolean, at timestamptz)",
        """insert into orders values (10.25, true, '2026-11-23 11:30+00'), (20.50, false, '2026-11-23 12:45+01'),
           (null, null, null)""",
        "create function write_one() returns int language sql as $$ insert into orders values (1) returning 1 $$",
        "create table salaries (amount int)",
        f"create user reader password '{PASSWORD}'",
        "grant select on orders to reader",
        database="shop",
    )
    return postgres_server


def a_question(expression: str, *, signal: str = "paid") -> Question:
    return Question(signal=signal, expression=expression, window=dt.timedelta(hours=1), at=NOW)


def surroundings(**environ: str) -> Surroundings:
    def open_bucket(*_: str) -> None:
        raise AssertionError

    return Surroundings(folder=Path(), environ=environ, store=Store(Path("unused")), open_bucket=open_bucket)


def ask(uri: str, expression: str, *, seconds: float = 30) -> Answer:
    telemetry = TelemetrySettings(kind="sql", uri_env="SHOP_URI", timeout=dt.timedelta(seconds=seconds))
    answer = read(telemetry, [a_question(expression)], surroundings(SHOP_URI=uri))["paid"]
    for secret in (PASSWORD, QUOTED, "hunter2"):
        assert secret not in repr(answer)
    return answer


def measure(shop: Postgres, expression: str) -> Measured:
    answer = ask(shop.uri("shop"), expression)
    assert isinstance(answer, Measured), answer
    return answer


def refuse(shop: Postgres, expression: str, *, user: str = "owner", seconds: float = 30) -> Unread:
    answer = ask(shop.uri("shop", user=user), expression, seconds=seconds)
    assert isinstance(answer, Unread), answer
    assert "\n" not in answer.sentence
    return answer


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("select count(*) from orders", 3),
        ("select avg(amount) from orders", 15.375),
        ("select sum(amount)::float8 from orders;  -- in euros", 30.75),
        ("with paid as (select * from orders where paid) select 1::smallint from paid", 1),
        ("values (-0.5)", -0.5),
    ],
)
def test_a_select_of_one_row_and_one_number_is_measured(shop: Postgres, expression: str, value: float):
    answer = measure(shop, expression)
    assert (answer.value, answer.n, answer.observed_at) == (value, None, NOW)
    assert answer.source.query == expression
    assert answer.source.place == f"postgresql://owner:***@127.0.0.1:{shop.port}/shop"


def test_the_query_may_say_how_many_rows_and_of_when(shop: Postgres):
    answer = measure(shop, "select avg(amount), count(*) as n, max(at) as observed_at from orders where paid")
    assert (answer.value, answer.n, answer.observed_at) == (10.25, 1, dt.datetime(2026, 11, 23, 11, 30))


@pytest.mark.parametrize(
    ("written", "observed_at"),
    [
        ("timestamptz '2026-11-23 12:45+01'", dt.datetime(2026, 11, 23, 11, 45)),
        ("timestamp '2026-11-23 11:45'", dt.datetime(2026, 11, 23, 11, 45)),
        ("(timestamptz '2026-11-23 12:45+01')::timestamp", dt.datetime(2026, 11, 23, 11, 45)),
        ("date '2026-11-23'", dt.datetime(2026, 11, 23)),
    ],
)
def test_times_are_utc_unless_they_say_otherwise(shop: Postgres, written: str, observed_at: dt.datetime):
    assert measure(shop, f"select 1, {written} as observed_at").observed_at == observed_at


@pytest.mark.parametrize(
    ("expression", "trouble", "said"),
    [
        ("select avg(amount) from orders where false", "empty", "the number is NULL"),
        ("select null", "empty", "the number is NULL"),
        ("select 1 where false", "empty", "the query has no row"),
        ("select 1, null::timestamptz as observed_at", "empty", "observed_at is NULL"),
        ("select amount from orders", "malformed", "several rows"),
        ("select 1, 2", "malformed", "several columns"),
        ("select 1, 2 as n, 3 as n", "malformed", "several columns"),
        ("select 'many'", "malformed", "of the type text, which is no number"),
        ("select true", "malformed", "of the type bool, which is no number"),
        ("select 3::money", "malformed", "of the type money, which is no number"),
        ("select interval '1 hour'", "malformed", "of the type interval, which is no number"),
        ("select 1, 1.5::float8 as n", "malformed", "the column n is of the type float8: write an integer"),
        ("select 1, 'today' as observed_at", "malformed", "the column observed_at is of the type text"),
        ("select 1, 'infinity'::timestamptz as observed_at", "malformed", "none of a timestamp"),
        ("select 'nan'::numeric", "malformed", "the number is NaN"),
        ("select 'nan'::float8", "malformed", "the number is NaN"),
        ("select '-infinity'::float8", "malformed", "the number is infinite"),
        ("select 10::numeric ^ 400", "malformed", "the number is infinite"),
    ],
)
def test_what_is_no_number_has_a_sentence_of_its_own(shop: Postgres, expression: str, trouble: str, said: str):
    answer = refuse(shop, expression)
    assert (answer.trouble, said in answer.sentence) == (trouble, True), answer.sentence


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("select nope from orders", 'PostgreSQL refused the query: column "nope" does not exist.'),
        ("select 1/0", "PostgreSQL refused the query: division by zero."),
        ("select 'abc'::int", 'invalid input syntax for type integer: "abc".'),
        ("select $1", "PostgreSQL refused the query: bind message supplies 0 parameters"),
        ("selekt 1", 'syntax error at or near "selekt" (an expression is one SELECT)'),
        ("select 1) to program 'touch x' --", "syntax error"),
        ("select 'postgresql://me:hunter2@db/x'::int", "postgresql://me:***@"),
    ],
)
def test_what_the_database_refuses_is_told_in_its_own_words(shop: Postgres, expression: str, said: str):
    answer = refuse(shop, expression)
    assert (answer.trouble, said in answer.sentence) == ("refused", True), answer.sentence


@pytest.mark.parametrize(
    "expression",
    [
        "select write_one()",
        "insert into orders values (1) returning 1",
        "with written as (insert into orders values (1) returning amount) select amount from written",
        "select 1; drop table orders",
        "delete from orders",
        "select set_config('transaction_read_only', 'off', true), write_one()",
        "commit",
    ],
)
def test_a_statement_that_writes_is_refused_by_the_database(shop: Postgres, expression: str):
    assert refuse(shop, expression).trouble == "refused"
    assert shop.execute("select count(*) from orders", database="shop") == [(3,)]


def test_a_function_that_writes_is_told_that_it_may_not(shop: Postgres):
    assert "cannot execute INSERT in a read-only transaction" in refuse(shop, "select write_one()").sentence


def test_a_table_that_this_user_may_not_read_is_not_their_mistake(shop: Postgres):
    answer = refuse(shop, "select count(*) from salaries", user="reader")
    assert answer.trouble == "unauthorised"
    assert "permission denied for table salaries; grant this user what the query needs" in answer.sentence


def test_a_query_that_takes_too_long_is_ended_by_the_database(shop: Postgres):
    answer = refuse(shop, "select pg_sleep(600)", seconds=1)
    assert answer.trouble == "timed out"
    running = "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()"
    assert answer.sentence.count("timeout") == 2
    assert shop.execute(running) == [(0,)]


def test_each_question_has_its_answer_whatever_happens_to_the_others(shop: Postgres):
    telemetry = TelemetrySettings(kind="sql", uri_env="SHOP_URI", timeout=dt.timedelta(seconds=30))
    questions = [
        a_question(expression, signal=str(number))
        for number, expression in enumerate(["select 1", "select nope", "select null", *["select 2"] * 5])
    ]
    answers = read(telemetry, questions, surroundings(SHOP_URI=shop.uri("shop")))
    assert [getattr(answers[str(number)], "value", None) for number in range(8)] == [1, None, None, 2, 2, 2, 2, 2]


def test_an_address_with_a_driver_of_sqlalchemy_is_understood(shop: Postgres):
    assert isinstance(ask(shop.uri("shop", scheme="postgresql+psycopg2"), "select 1"), Measured)


def test_a_database_without_a_password_may_stand_in_the_settings(shop: Postgres):
    telemetry = TelemetrySettings(
        kind="sql", uri=f"postgresql://owner@127.0.0.1:{shop.port}/shop", timeout=dt.timedelta(seconds=30)
    )
    answer = read(telemetry, [a_question("select 1")], surroundings())["paid"]
    assert isinstance(answer, Unread)
    assert answer.sentence.endswith("the user or the password is wrong; correct its uri in lean.toml.")


@pytest.mark.parametrize(
    ("uri", "trouble", "said"),
    [
        ("", "unauthorised", "The environment variable SHOP_URI, which holds the address of the database, is not set."),
        ("mysql://me:hunter2@db/x", "malformed", "The environment variable SHOP_URI holds no address of a PostgreSQL"),
        ("host=db password=hunter2", "malformed", "holds no address of a PostgreSQL"),
        ("postgresql://me:hunter2 x@db/x", "malformed", "holds no address of a PostgreSQL"),
        ("postgresql://me:hunter2@db:99999/x", "malformed", "its address is not understood"),
        ("postgresql://me:hunter2%zz@db/x", "malformed", "its address is not understood"),
        ("postgresql://me:hunter2@db/x?passwords=hunter2", "malformed", "its address is not understood"),
        ("postgresql://me:hunter2@127.0.0.1:1/x", "unreachable", "nothing answers there"),
        ("postgresql://me:hunter2@db.invalid/x", "unreachable", "its host has no address"),
    ],
)
def test_an_address_that_leads_nowhere_has_a_sentence_of_its_own(uri: str, trouble: str, said: str):
    answer = ask(uri, "select 1")
    assert isinstance(answer, Unread)
    assert (answer.trouble, said in answer.sentence) == (trouble, True), answer.sentence


@pytest.mark.parametrize(
    ("change", "trouble", "said"),
    [
        ((QUOTED, "hunter2"), "unauthorised", "the password is wrong; correct the environment variable SHOP_URI."),
        (("/shop", "/nowhere"), "missing", "there is no such database"),
        (("/shop", "/shop?sslmode=require"), "unreachable", "the encrypted connection failed"),
    ],
)
def test_a_server_that_lets_nobody_in_says_why(shop: Postgres, change: tuple[str, str], trouble: str, said: str):
    answer = ask(shop.uri("shop").replace(*change), "select 1")
    assert isinstance(answer, Unread)
    assert (answer.trouble, said in answer.sentence) == (trouble, True), answer.sentence


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_server_is_not_waited_for(silent: int):
    answer = ask(f"postgresql://me:hunter2@127.0.0.1:{silent}/x", "select 1", seconds=1)
    assert isinstance(answer, Unread)
    assert answer.trouble == "timed out"
    assert answer.sentence.endswith("no answer within the timeout; check that it runs, and the network.")
