"""What somebody is told who made a mistake: what, where, and what was expected."""

from __future__ import annotations

import pytest

from lean_core.debt.trigger import check, check_text, parse
from lean_core.errors import ExpressionError, TriggerError, UsageError

VALUE = 'a value such as 2, 2027-01-01, "text" or true, or the name of a fact'
OPERATORS = "one of = != < <= > >="
COMPARISON = "a comparison such as live_models >= 2"
LENGTH = "a length of time such as 3d, 12h or 2w"
VERSION = 'a version in quotes such as "4.0"'


def mistake(text: str) -> TriggerError:
    with pytest.raises(TriggerError) as raised:
        parse(text)
    return raised.value


@pytest.mark.parametrize(
    ("text", "column", "problem", "expected"),
    [
        ("", 1, "there is nothing here", COMPARISON),
        ("  ", 1, "there is nothing here", COMPARISON),
        ("live_models", 12, "nothing is asked of 'live_models'", OPERATORS),
        ("a >", 4, "it ends too early", VALUE),
        ("date >", 7, "it ends too early", "a date such as 2027-01-01"),
        ('dep("x") >', 11, "it ends too early", VERSION),
        ("a > 1 and", 10, "it ends too early", COMPARISON),
        ("a > 1 for", 10, "it ends too early", LENGTH),
        ("(a > 1", 7, "it ends too early", "and, or, for, or )"),
        ("a > 1)", 6, "')' can't stand here", "and, or, for, or the end"),
        ("a > 1 b > 2", 7, "'b' can't stand here", "and, or, for, or the end"),
        ("3 models > 2", 3, "'models' can't stand here", OPERATORS),
        ("1 < a < 5", 7, "comparisons don't chain: join two of them with and", "and, or, for, or the end"),
        ("(a > 1) for 3d", 9, "for belongs to one comparison, not to several in parentheses", "and, or, or the end"),
        ("not not a > 1", 5, "'not' can't stand here", COMPARISON),
        ("a > 500ms", 5, "'500ms' has a unit, and only a length of time after for has one", VALUE),
        ("a > 1 for 3", 11, "'3' can't stand here", LENGTH),
        ("a > 1 for 3x", 11, "there is no unit 'x'", LENGTH),
        ("a > 1 for 0d", 11, "'0d' is no time to look back on", "from 1h to 3660d"),
        ("a > 1 for 99999999999999d", 11, "'99999999999999d' is no time to look back on", "from 1h to 3660d"),
        ("date > 2027-01-01 for 3d", 23, "nothing is remembered of date, so it takes no for", "a fact with a history"),
        ('dep("x") > "1" for 3d', 20, 'nothing is remembered of dep("…"), so it takes no for', "a fact with a history"),
        ("a - 3 > 1", 3, "there is no arithmetic, so '-' can't stand here", OPERATORS),
        ("a -3 > 1", 3, "there is no arithmetic", OPERATORS),
        ("a + 1 > 2", 3, "there is no arithmetic, so '+' can't stand here", OPERATORS),
        ("a > 60%", 7, "there is no arithmetic, so '%' can't stand here", "and, or, for, or the end"),
        ("1 < 2", 1, "both sides are fixed, so this never changes", "a fact on one side"),
        ("2027-01-01 > 5", 1, "both sides are fixed, so this never changes", "a fact on one side"),
        ("date > 5", 8, "a date can't be compared with a number", "a date such as 2027-01-01, without quotes"),
        ('date > "2027-01-01"', 8, "a date can't be compared with text", "a date such as 2027-01-01, without quotes"),
        (
            'ends < "2027-01-01"',
            8,
            "text has no order: only = and != compare it",
            "a date such as 2027-01-01, without quotes",
        ),
        ('a > "x"', 5, "text has no order: only = and != compare it", "= or !="),
        ("a >= true", 6, "true or false has no order: only = and != compare it", "= or !="),
        ("date > 2027-13-01", 8, "there is no day '2027-13-01'", "a date such as 2027-01-01"),
        ("date > 2027-1-1", 8, "this is not how a date is written", "a date such as 2027-01-01"),
        ('dep("mlflow") >= 4', 18, "a version can't be compared with a number", VERSION),
        ('dep("mlflow") >= "new"', 18, "'new' is not a version", VERSION),
        ('dep("a b") > "4"', 5, "this is not the name of a package", 'a name as in dep("mlflow")'),
        ("dep(x) > 1", 5, "'x' can't stand here", 'the name of a package as in dep("mlflow")'),
        ('dep("x" > 1', 9, "'>' can't stand here", 'the name of a package as in dep("mlflow")'),
        ("x > 1e999", 5, "this number is too great", "a number below 1e308"),
        ("x = 'abc", 5, "this quote never closes", "a closing quote"),
        ('prod."x > 1', 5, "this quote never closes", "a closing quote"),
        ("prod. > 1", 5, "a dot stands between two parts of a name", "letters, digits, _ and -, or a part in quotes"),
        ("größe > 1", 3, "'ö' can't stand here", OPERATORS),
        ("a ≥ 2", 3, "'≥' can't stand here", OPERATORS),
        ("a > \ud800", 5, "half a character (a lone surrogate)", "text"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(text, column, problem, expected):
    assert str(mistake(text)) == f"trigger, column {column}: {problem}; expected {expected}"


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("id") = 0',
        "open('/etc/passwd') = 'x'",
        "date.today() > 2027-01-01",
        "date.year() > 2027",
        "(date).year > 2027",
        'dep("x").__class__ = "y"',
        "DEP.__init__() > 1",
        "[a] > 1",
        "a[0] > 1",
        "{a} > 1",
        "lambda: 1 > 1",
        "a := 1",
        "f'{a}' = 'x'",
        "a ** 9 > 1",
        "a; b",
        "-- a > 1",
        "a > 1 # why",
        "a.b\\c > 1",
        "eval('1') > a",
        "max(a, b) > 1",
    ],
)
def test_nothing_is_called_but_dep_and_no_attribute_is_asked_for(text: str):
    mistake(text)


def test_a_name_with_a_dot_is_the_name_of_a_fact_and_no_attribute():
    with pytest.raises(TriggerError, match=r"there is no fact 'date\.__class__'"):
        check('date.__class__ = "x"', ["live_models"])


def test_what_looks_like_a_function_is_told_that_there_is_only_one():
    assert mistake("max(a) > 1").problem == "there is no function 'max': dep is the only one"


def test_an_expression_has_its_limits():
    assert mistake("a > 1 and " * 300 + "a > 1").problem == "the expression is too long"
    deep = mistake("(" * 21 + "a > 1" + ")" * 21)
    assert (deep.problem, deep.start) == ("this is nested too deeply", 20)
    parse("(" * 20 + "a > 1" + ")" * 20)


def test_a_long_word_is_cut_in_the_message():
    assert len(str(mistake(f"a > 1 {'x' * 1_500}"))) < 120


def test_the_place_is_shown_under_the_expression():
    assert mistake("a > 1 b").marked() == "a > 1 b\n      ^"


def test_it_is_a_usage_error_as_a_filter_error_is():
    assert isinstance(mistake(""), ExpressionError)
    assert isinstance(mistake(""), UsageError)


def test_an_unknown_fact_is_a_mistake_and_the_nearest_name_is_told():
    with pytest.raises(TriggerError) as raised:
        check("a > 1 and live_model >= 2", ["a", "live_models"])
    error = raised.value
    assert (error.problem, error.start, error.end) == (
        "there is no fact 'live_model'; did you mean live_models?",
        10,
        20,
    )


def test_a_fact_that_is_like_no_other_is_told_without_a_guess():
    assert check_text("zzz > 1", ["live_models"]) == "trigger, column 1: there is no fact 'zzz'"


def test_the_date_the_age_of_the_item_and_packages_are_always_there():
    assert check_text('date > 2027-01-01 and debt.age_days > 90 or dep("x") > "1"', []) is None


def test_a_quoted_name_is_known_by_its_plain_one():
    assert check_text('prod."churn".age > 1', ["prod.churn.age"]) is None


def test_a_text_is_checked_without_names_where_these_are_not_at_hand():
    assert check_text("anything > 1") is None
    assert check_text("anything >") == f"trigger, column 11: it ends too early; expected {VALUE}"
