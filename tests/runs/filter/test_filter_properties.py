"""What must hold for every expression: it reads back, means what Python says it means, and fails in no other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lean_core.errors import FilterError
from lean_core.runs.filter import IsNaN, Key, complete, parse, parse_key, quote_key
from tests.runs.filter.conditions import ANY_CONDITION, MEETING_CONDITION, SMALL_RUN, TEXTS
from tests.runs.filter.evaluation import evaluate
from tests.runs.filter.little_store import LittleStore
from tests.runs.filter.rendering import render

NOW = datetime(2026, 11, 24, 12)
KEYED_KINDS = st.sampled_from(["metric", "param", "tag", "local"])


@pytest.fixture(scope="module")
def store() -> LittleStore:
    return LittleStore()


@settings(max_examples=200, deadline=None)
@given(ANY_CONDITION, st.integers(0, 2**32))
def test_a_condition_reads_back_from_any_way_of_writing_it(condition, seed):
    assert parse(render(condition, Random(seed)), now=NOW) == condition


@settings(max_examples=150, deadline=None)
@given(MEETING_CONDITION, st.lists(SMALL_RUN, min_size=1, max_size=5))
def test_duckdb_finds_the_runs_for_which_python_says_true(store, condition, runs):
    runs = [replace(run, run_id=f"r{number}") for number, run in enumerate(runs)]
    store.fill(runs)
    assert store.find(condition) == {run.run_id for run in runs if evaluate(condition, run) is True}


@settings(max_examples=200, deadline=None)
@given(KEYED_KINDS, TEXTS.filter(bool))
@example("metric", "Categorical Imputer ")
@example("param", "a`b\"c'd")
@example("tag", "mlflow.source.name")
@example("metric", "val/loss")
@example("param", ".a.")
@example("param", "and")
def test_a_quoted_key_reads_back(kind, name):
    key = Key(kind, name)
    assert parse_key(quote_key(kind, name)) == parse_key(str(key)) == key
    assert parse(f"isnan({quote_key('metric', name)})", now=NOW) == IsNaN(key=Key("metric", name))


WORDS = [
    *(
        "metrics.auc",
        "params.`a b`",
        'tags."x"',
        "status",
        "start_time",
        "dataset.name",
        "isnan(",
        "now()",
        "today ( )",
    ),
    *("=", "==", "!=", "<", ">", "~", "!~", "in", "between", "like", "is", "null", "not", "and", "or", "(", ")", ","),
    *(
        "1",
        "-",
        "+",
        "7d",
        "'a'",
        "'2026-11-01'",
        '"x"',
        "`",
        "'",
        ";",
        "--",
        "/*",
        "select",
        "case",
        "\x00",
        "{#",
        "*",
        ".",
    ),
]


def refusal(text: str) -> FilterError | None:
    try:
        parse(text, now=NOW)
    except FilterError as error:
        return error
    return None


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
@example("\ud800 = 1")
@example("start_time > 1e300")
@example("start_time > '0001-01-01T00:00+14:00'")
@example("start_time > '9999-12-31' + 1w")
@example("start_time = '9999-12-31'")
@example("start_time > now() - 1e300w")
@example("metrics.a > 1e")
@example("params.`a\nb` > 7d")
@example("params.a = `x\ny`")
@example("{# #}")
def test_any_text_is_read_or_refused_at_a_place_in_it(text):
    error = refusal(text)
    if error is not None:
        assert 0 <= error.start <= error.end <= len(text)
        assert "\n" not in str(error)
        assert error.problem


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)), st.integers(0, 60))
def test_completing_any_text_at_any_place_keeps_what_follows(text, cursor):
    known = {"metric": ["auc", "a b"], "param": ["x'y"], "dataset.name": ["it's"]}
    for completion in complete(text, min(cursor, len(text)), known):
        assert completion.text[completion.cursor :] == text[cursor:]


# A second, independent grammar of the language's structure: what it takes and what sqlglot takes must be the same.

ALPHABET = [
    "params.a",
    "'x'",
    "=",
    "like",
    "in",
    "between",
    "is",
    "null",
    "not",
    "and",
    "or",
    "(",
    ")",
    ",",
    "isnan(metrics.a)",
]


class Reference:
    def __init__(self, words: list[str]) -> None:
        self.words = [*words, "end"]
        self.at = 0

    def accepts(self) -> bool:
        try:
            self.disjunction()
            self.take("end")
        except ValueError:
            return False
        return True

    def peek(self, *words: str) -> bool:
        return self.words[self.at] in words

    def take(self, *words: str) -> None:
        if not self.peek(*words):
            raise ValueError
        self.at += 1

    def disjunction(self) -> None:
        self.conjunction()
        while self.peek("or"):
            self.take("or")
            self.conjunction()

    def conjunction(self) -> None:
        self.negation()
        while self.peek("and"):
            self.take("and")
            self.negation()

    def negation(self) -> None:
        while self.peek("not"):
            self.take("not")
        if self.peek("("):
            self.take("(")
            self.disjunction()
            self.take(")")
        elif self.peek("isnan(metrics.a)"):
            self.take("isnan(metrics.a)")
        else:
            self.take("params.a")
            self.test()

    def test(self) -> None:
        if self.peek("is"):
            self.take("is")
            if self.peek("not"):
                self.take("not")
            self.take("null")
            return
        if self.peek("="):
            self.take("=")
            self.value()
            return
        if self.peek("not"):
            self.take("not")
        if self.peek("in"):
            self.take("in")
            self.take("(")
            self.take("'x'")
            while self.peek(","):
                self.take(",")
                self.take("'x'")
            self.take(")")
        elif self.peek("between"):
            self.take("between")
            self.value()
            self.take("and")
            self.value()
        else:
            self.take("like")
            self.value()

    def value(self) -> None:
        if self.peek("("):
            self.take("(")
            self.value()
            self.take(")")
        else:
            self.take("'x'")


SENTENCES = [
    "params.a = 'x'",
    "not params.a not in ( 'x' , 'x' ) and isnan(metrics.a)",
    "( params.a is not null or params.a like 'x' ) and params.a between 'x' and 'x'",
    "params.a not between 'x' and ( 'x' ) and params.a = ( 'x' )",
]


@st.composite
def nearly_right(draw) -> list[str]:
    """Draw a right expression with up to three words removed, replaced or put in."""
    words = draw(st.sampled_from(SENTENCES)).split()
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words)))
        words[at : at + draw(st.integers(0, 1))] = draw(st.lists(st.sampled_from(ALPHABET), max_size=1))
    return words


@settings(max_examples=1000, deadline=None)
@given(st.one_of(nearly_right(), st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=7)))
def test_structure_is_what_a_second_grammar_says_it_is(words):
    if not words:
        return
    assert (refusal(" ".join(words)) is None) == Reference(words).accepts()
