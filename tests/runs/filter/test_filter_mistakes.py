"""A mistake shows where it is and what was expected."""

from __future__ import annotations

import sys
from datetime import datetime

import pytest
import sqlglot

from lean_core.errors import FilterError
from lean_core.runs.filter import Key, parse
from lean_core.runs.filter.building import Builder
from lean_core.runs.filter.expectation import State
from lean_core.runs.filter.reading import Symbol

NOW = datetime(2026, 11, 24, 12)


def mistake(text: str) -> FilterError:
    with pytest.raises(FilterError) as raised:
        parse(text, now=NOW)
    assert raised.value.text == text
    return raised.value


# The place is marked with » and «, which are taken out before reading.
@pytest.mark.parametrize(
    ("marked", "problem", "expected"),
    [
        # keys
        ("»stauts« = 'FAILED'", "there is no attribute 'stauts'", "status"),
        ("»runname« = 'x'", "there is no attribute 'runname'", "run_name"),
        ("»auc« > 0.8", "there is no attribute 'auc'", "such as metrics.auc"),
        ("»metrcis«.auc > 1", "there is no kind of key named 'metrcis'", "metrics"),
        ("»x«.auc > 1", "there is no kind of key named 'x'", "metrics, params, tags, local, dataset or attributes"),
        ("attributes.»foo« = 'x'", "there is no attribute 'foo'", "one of run_id"),
        ("»metrics« > 1", "'metrics' is a kind of key, not a key", "metrics. and a name"),
        ("»metrics.« > 1", "no key after 'metrics.'", "metrics. and a name"),
        ("metrics.»``« > 1", "the key is empty", "metrics.auc"),
        ("»metrics.*« > 1", "needs quotes", "metrics.`*`"),
        ("»metrics.val-loss« < 1", "needs quotes", "metrics.`val-loss`"),
        ("»metrics.val/loss« < 1", "needs quotes", "metrics.`val/loss`"),
        ("»params.a@b:c« = 'x'", "needs quotes", "params.`a@b:c`"),
        ("params.a »b« = 'x'", "unexpected 'b'", "an operator"),
        ("dataset.»source« = 'x'", "datasets have no 'source'", "name, digest, context"),
        ("»`metrics.auc`« > 1", "there is no attribute 'metrics.auc'", "such as metrics.auc"),
        # values
        ("metrics.auc > »'0.8'«", "can't be compared with text", "a number"),
        ("metrics.auc > »'a'« and status = 'FAILED'", "can't be compared with text", "a number"),
        ("metrics.auc in (1, »'a'«)", "can't be compared with text", "a number"),
        ("metrics.auc > »7d«", "can't be compared with a length of time", "a number"),
        ("metrics.auc > »now()«", "can't be compared with a time", "a number"),
        ("metrics.auc = »nan«", "nothing equals nan", "isnan(...)"),
        ("metrics.auc > »5min«", "there is no unit 'min'", "s m h d w"),
        ("metrics.auc > 5 »min«", "unexpected 'min'", "and, or, or the end"),
        ("status = »FINISHED«", "text needs quotes", "'FINISHED'"),
        ("params.flag = »true«", "text needs quotes", "'true'"),
        ("params.model = »xgb-large«", "text needs quotes", "'xgb-large'"),
        ("params.model = »`xgb`«", "text needs quotes", "'xgb'"),
        (
            "status = »'DONE'«",
            "there is no status 'DONE'",
            "'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED', 'ABANDONED'",
        ),
        ("status in ('FAILED', »'finished'«)", "there is no status 'finished'", "'FINISHED'"),
        ("lifecycle = »'gone'«", "there is no lifecycle 'gone'", "'active', 'deleted'"),
        ("user = »5«", "can't be compared with a number", "text in single quotes"),
        ("dataset.name = »5«", "can't be compared with a number", "text in single quotes"),
        ("duration > »'5m'«", "can't be compared with text", "a length of time"),
        ("start_time > »'soon'«", "this is not a time", "'2026-11-01'"),
        ("start_time > »'2026-02-30'«", "there is no such time", "'2026-11-01'"),
        ("start_time > »7d«", "can't be compared with a length of time", "now() - 7d"),
        ("start_time > »now«", "'now' needs parentheses", "now()"),
        ("start_time > »now()« - 999999999w", "too far away", "a time"),
        ("start_time > »1e300«", "too far away", "a time"),
        ("start_time > now() - »7«", "this is not a length of time", "7d"),
        ("metrics.auc > »1« - 7d", "only times are added to", "now()"),
        ("start_time in (»'2026-11-01'«)", "not compared with a list", "= or between"),
        ("params.a in (1, »'b'«, 'c')", "not of one type", "a number, as before"),
        ("params.a between 'b' and »1«", "not of one type", "text, as before"),
        ("params.a = »params.b«", "a key stands to the left", "text in single quotes, or a number"),
        ("»0.8« < metrics.auc", "a condition begins with a key", "a condition"),
        ("params.a ~ »'('«", "not valid: missing )", "RE2"),
        ("params.a ~ »'(?=a)'«", "not valid: invalid perl operator", "RE2"),
        ("params.a !~ »'a{1001}'«", "not valid", "RE2"),
        ("params.a like »5«", "not a pattern", "a pattern in single quotes"),
        ("»metrics.auc« like 'x'", "is not text", "a key with text"),
        ("»start_time« ~ 'x'", "is not text", "a key with text"),
        # structure
        ("metrics.auc »>«", "nothing follows '>'", "a number"),
        ("status »=«", "nothing follows '='", "one of 'RUNNING'"),
        ("metrics.auc > 1 »and«", "nothing follows 'and'", "a condition"),
        ("metrics.auc > 1 and »or« metrics.b > 1", "unexpected 'or'", "a condition"),
        ("»and« metrics.auc > 1", "unexpected 'and'", "a condition"),
        ("»not«", "nothing follows 'not'", "a condition"),
        ("»metrics.auc«", "nothing is asked of this key", "an operator"),
        ("metrics.auc > 1 »2«", "unexpected '2'", "and, or, or the end"),
        ("metrics.auc > 1 »metrics.b« > 2", "unexpected 'metrics.b'", "and, or, or the end"),
        ("metrics.auc = 1 »=« 2", "unexpected '='", "and, or, or the end"),
        ("metrics.auc not »=« 1", "unexpected '='", "in, between"),
        ("metrics.auc between 1 »2«", "unexpected '2'", "and, then the upper value"),
        ("metrics.auc between »1«", "something is missing after '1'", "and, then the upper value"),
        ("metrics.auc between 1 »or« metrics.b > 1", "unexpected 'or'", "and, then the upper value"),
        ("metrics.auc in »1«", "unexpected '1'", "a list in parentheses"),
        ("metrics.auc in »()«", "nothing is in these parentheses", "a number"),
        ("metrics.auc in (1 »2«)", "unexpected '2'", "a comma or )"),
        ("metrics.auc in (1, »)«", "unexpected ')'", "a number"),
        ("params.a is »5«", "unexpected '5'", "null or not null"),
        ("params.a is not »not« null", "unexpected 'not'", "null"),
        ("params.a = »null«", "asked for null with is", "is null or is not null"),
        ("params.a not »null«", "asked for null with is", "is null or is not null"),
        ("»(«metrics.auc > 1", "never closed", ")"),
        ("»(«(metrics.auc > 1) and (metrics.b > 1)", "never closed", ")"),
        ("metrics.auc > 1»)«", "never opened", ""),
        ("»( )«", "nothing is in these parentheses", "a condition"),
        ("metrics.auc > (»1 and status = 'FAILED'«)", "this is not a value", "a number"),
        ("params.a = »'x«", "the quote ' is never closed", "another '"),
        ("params.a = »'it''s«", "the quote ' is never closed", "another '"),
        ("params.»`a = 'x'«", "the quote ` is never closed", "another `"),
        ("metrics.auc > 1 »&«& metrics.b > 1", "'&' is written and", "and, or"),
        ("metrics.auc > 1 »|«| metrics.b > 1", "'|' is written or", "and, or"),
        # what SQL has and this language has not
        ("metrics.auc > 1»;« drop table run", "without a semicolon", "the end"),
        ("metrics.auc > 1 »--« and more", "a comment", "the end"),
        ("metrics.auc > 1 »/*« more */", "a comment", "the end"),
        ("»{«# #}", "unexpected '{'", "a condition"),
        ("»lower«(params.a) = 'x'", "there is no function 'lower'", "isnan(...), now(), today() or yesterday()"),
        ("params.a = »upper«('x')", "there is no function 'upper'", "now()"),
        ("params.a = (»select« 1)", "text needs quotes", "'select'"),
        ("»exists« (select 1)", "there is no function 'exists'", "isnan"),
        ("params.a in (»select« value from param)", "text needs quotes", "'select'"),
        ("»case« when 1 then 2 end", "there is no attribute 'case'", "one of"),
        ("»cast«(params.a as int) > 1", "there is no function 'cast'", "isnan"),
        ("»params.a::int« > 1", "needs quotes", "params.`a::int`"),
        ("»*«", "unexpected '*'", "a condition"),
        ("metrics.auc > »?«", "unexpected '?'", "a number"),
        ("metrics.auc > 1 »union« select 1", "unexpected 'union'", "the end"),
        ("params.a = »$«1", "unexpected '$'", "text"),
        ("params.a = 'x' »escape« '\\'", "unexpected 'escape'", "the end"),
        ("params.a »collate« nocase = 'x'", "unexpected 'collate'", "an operator"),
        ("params.a = »x« -> x", "text needs quotes", "'x'"),
        # functions
        ("isnan(»params.a«)", "only a metric", "metrics.auc"),
        ("isnan(»)«", "isnan asks for a metric", "metrics.auc"),
        ("»isnan«(", "isnan asks for a metric", "metrics.auc"),
        ("isnan(metrics.a »>« 1)", "unexpected '>'", ")"),
        ("»isnan«(metrics.a", "is not finished", ")"),
        ("isnan(metrics.a) »=« 1", "unexpected '='", "and, or"),
        ("start_time > now(»1«)", "unexpected '1'", ")"),
        ("»now()« > 1", "a condition begins with a key", "a condition"),
    ],
)
def test_a_mistake_is_named_at_its_place(marked, problem, expected):
    text = marked.replace("»", "").replace("«", "")
    error = mistake(text)
    assert f"{text[: error.start]}»{text[error.start : error.end]}«{text[error.end :]}" == marked
    assert problem in error.problem
    assert expected in error.expected


def test_the_message_is_one_line_with_the_column():
    assert str(mistake("metrics.auc > 'high'")) == (
        "filter, column 15: 'metrics.auc' can't be compared with text; expected a number"
    )


def test_carets_mark_the_place():
    assert mistake("stauts = 'x'").marked() == "stauts = 'x'\n^^^^^^"


def test_a_text_of_ten_thousand_characters_is_the_longest():
    assert parse("user = '" + "a" * 9_991 + "'", now=NOW) is not None
    error = mistake("user = '" + "a" * 9_992 + "'")
    assert (error.start, error.end) == (10_000, 10_001)
    assert "10,000" in error.expected


@pytest.mark.parametrize("opening", ["(", "not "])
def test_twenty_levels_are_the_deepest(opening):
    closing = ")" if opening == "(" else ""
    assert parse(opening * 20 + "user = 'a'" + closing * 20, now=NOW) is not None
    error = mistake(opening * 21 + "user = 'a'" + closing * 21)
    assert error.start == 20 * len(opening)
    assert "20 levels" in error.problem


@pytest.mark.parametrize("repeated", ["(", "not ", "- ", "now() - ", "'", "`", "a and ", "1d + "])
def test_ten_thousand_characters_of_anything_are_refused_in_time(repeated):
    mistake(("start_time > now()" + repeated * 10_000)[:9_999])


def test_a_stack_that_is_nearly_full_is_an_error_of_ours():
    def descend(levels: int) -> FilterError:
        return descend(levels - 1) if levels else mistake("(" * 20 + "user = 'a'" + ")" * 20)

    used = len(list(iterate_frames()))
    error = descend(sys.getrecursionlimit() - used - 60)
    assert "too deeply" in error.problem


def iterate_frames():
    frame = sys._getframe()
    while frame:
        yield frame
        frame = frame.f_back


@pytest.mark.parametrize(
    "sql",
    [
        '"0" IS NOT NULL IS TRUE',
        '"0" IS TRUE',
        '"0" IS DISTINCT FROM 0',
        'CASE WHEN "0" = 0 THEN TRUE END',
        'CAST("0" AS INT) = 0',
        '"0" = CAST(0 AS INT)',
        'LOWER("0") = 0',
        '"0" = (SELECT 0)',
        "EXISTS (SELECT 0)",
        '"0" IN (SELECT 0)',
        '"0" IN (0, "0")',
        '"0" = 0 * 0',
        '"0" = ?',
        '"0" = ANY (ARRAY[0])',
        '("0", "0") = (0, 0)',
        "\"0\" LIKE '0' ESCAPE '0'",
        '"0" BETWEEN SYMMETRIC 0 AND 0',
        '"0"."0" = 0',
        '"0"."0"',
        '"0" IN UNNEST(0)',
        '"0" IN "0"',
        '"0" SIMILAR TO 0',
        '"0" <=> 0',
        '"0" AS "0"',
        "TRUE",
        "*",
        "SELECT 0",
    ],
)
def test_sql_beyond_the_language_is_refused_even_if_it_came_past_the_reader(sql):
    symbols = [Symbol(name="key", start=0, end=3, before=State(), leaf=Key("param", "a"))]
    with pytest.raises(FilterError):
        Builder(symbols, "abc").build(sqlglot.parse_one(sql))


def test_half_a_character_is_refused():
    error = mistake("user = '\ud800'")
    assert (error.start, error.end) == (8, 9)
