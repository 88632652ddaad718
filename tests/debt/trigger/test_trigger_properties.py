"""What must hold for every expression: it reads back, means what a naive reading says, and asks for facts alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lean_core.debt.trigger import Facts, Known, complete, evaluate, parse
from lean_core.debt.trigger.nodes import And, Compare, Expression, Fact, Not, Or, Package, Value, find_facts
from lean_core.debt.trigger.reading import open_reader
from lean_core.debt.trigger.verdict import Verdict, join_all, join_any, oppose
from lean_core.errors import TriggerError
from tests.debt.trigger.expressions import EXPRESSIONS, NAMES, situations
from tests.debt.trigger.known_facts import facts
from tests.debt.trigger.oracle import expect_state
from tests.debt.trigger.rendering import render

WORDS = [
    *("live_models", "date", "prod.'x'", 'prod."my.model".age', "a-b", "dep(", 'dep("mlflow")', "dep", "x.__class__"),
    *("=", "==", "!=", "<>", "<", ">=", "and", "or", "not", "for", "AND", "true", "(", ")", ".", ",", ";", "-", "+"),
    *("1", "-2.5", "1e5", "3d", "12h", "0d", "2027-01-01", "2027-99-99", "'a'", '"4"', "'", '"', "\\", "\n", "[0]"),
    *("__import__", "lambda", "eval(", "open('x')", "{}", "$", "é", "\x00", "\ud800"),
]
SOUP = st.lists(st.sampled_from(WORDS), max_size=12).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda space: space.join(words))
)
ANY_TEXT = SOUP | st.text(max_size=60)
VERDICTS = st.builds(Verdict, holds=st.sampled_from([True, False, None]), why=st.just(("because",)))


class Spy(Mapping[str, Known]):
    """Facts of every name, which note what they were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Known:
        self.asked.add(name)
        return Known(name=name, value=1, meaning="")

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def understood(text: str) -> Expression | None:
    mistake = None
    try:
        return parse(text)
    except TriggerError as error:
        mistake = error
    assert 0 <= mistake.start <= mistake.end <= len(text)
    assert "\n" not in str(mistake)
    return None


def walk(node: Expression) -> Iterator[object]:
    yield node
    if isinstance(node, And | Or):
        for condition in node.conditions:
            yield from walk(condition)
    elif isinstance(node, Not):
        yield from walk(node.condition)
    else:
        yield from (node.left, node.right)


def spell(expression: Expression) -> str:
    """Return it with the types of its values, without the places in the text."""
    return re.sub(r"start=\d+, end=\d+", "", repr(expression))


@settings(max_examples=200)
@given(EXPRESSIONS, st.integers(0, 2**32))
def test_an_expression_reads_back_from_any_way_of_writing_it(expression, seed):
    assert spell(parse(render(expression, Random(seed)))) == spell(expression)


@settings(max_examples=200)
@given(EXPRESSIONS, situations(), st.integers(0, 2**32))
def test_it_means_what_a_naive_reading_says(expression, situation, seed):
    reading = evaluate(render(expression, Random(seed)), situation)
    assert reading.state == expect_state(expression, situation)
    assert reading.sentence
    assert "\n" not in reading.sentence


@settings(max_examples=300)
@given(ANY_TEXT)
@example('dep("a").b = "c"')
@example("a > 1 for 1e5d")
@example("a > '" + "x" * 1_990)
def test_any_text_is_an_expression_of_values_and_facts_or_a_mistake_with_its_place(text):
    expression = understood(text)
    if expression is not None:
        assert all(isinstance(node, And | Or | Not | Compare | Fact | Package | Value) for node in walk(expression))


@settings(max_examples=300)
@given(ANY_TEXT)
def test_any_text_is_evaluated_without_an_error_and_asks_for_the_facts_that_it_names_alone(text):
    spy = Spy()
    reading = evaluate(text, replace(facts(), known=spy))
    expression = understood(text)
    named = {fact.name for fact in find_facts(expression)} if expression else set()
    assert spy.asked <= named
    if expression is None:
        assert reading.state == "cannot evaluate"


@settings(max_examples=300)
@given(ANY_TEXT | EXPRESSIONS.map(lambda expression: render(expression, Random(0))))
def test_nothing_but_dep_is_ever_called_and_no_attribute_is_asked_of_anything(text):
    if understood(text) is None:
        return
    bare = re.sub(r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+\"""", "0", text)
    assert {word.casefold() for word in re.findall(r"([\w-]+)\s*\(", bare)} <= {"dep", "and", "or", "not"}
    assert not re.search(r"\)\s*\.", bare)


@settings(max_examples=200)
@given(ANY_TEXT | EXPRESSIONS.map(lambda expression: render(expression, Random(0))), st.data())
def test_what_is_offered_can_stand_there(text, data):
    cursor = data.draw(st.integers(0, len(text)))
    for suggestion in complete(text, cursor, dict.fromkeys(NAMES, "a fact")):
        assert suggestion.start <= cursor <= suggestion.end
        if not suggestion.text.endswith('dep("'):
            open_reader(text[: suggestion.start] + suggestion.text).read()


@given(VERDICTS, VERDICTS, VERDICTS)
def test_the_laws_of_three_valued_logic_hold(a, b, c):
    def holds(verdict: Verdict) -> bool | None:
        return verdict.holds

    assert holds(oppose(oppose(a))) is holds(a)
    assert holds(oppose(join_all([a, b]))) is holds(join_any([oppose(a), oppose(b)]))
    assert holds(oppose(join_any([a, b]))) is holds(join_all([oppose(a), oppose(b)]))
    assert holds(join_all([a, b])) is holds(join_all([b, a]))
    assert (
        holds(join_any([a, join_any([b, c])])) is holds(join_any([join_any([a, b]), c])) is holds(join_any([a, b, c]))
    )
    assert holds(join_all([a, join_any([b, c])])) is holds(join_any([join_all([a, b]), join_all([a, c])]))
    assert holds(join_all([a, a])) is holds(join_any([a, a])) is holds(a)
    assert holds(join_all([a, join_any([a, b])])) is holds(a)


@settings(max_examples=200)
@given(EXPRESSIONS, situations())
def test_learning_what_was_unknown_never_turns_an_answer_round(expression, situation):
    text = render(expression, Random(0))
    blind: Facts = replace(situation, known={}, packages="not known", history=lambda name, since: [])
    guess = evaluate(text, blind).state
    assert guess in {"cannot evaluate", evaluate(text, situation).state}
