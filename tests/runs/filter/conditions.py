"""Hypothesis strategies for keys, conditions and runs."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from lean_core.runs.filter import And, Between, Compare, In, IsNaN, IsNull, Key, Like, Matches, Not, Or
from tests.runs.filter.little_store import ARun, Dataset

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
NUMBERS = st.floats(allow_nan=False).map(lambda number: number + 0.0)
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))
PATTERNS = st.sampled_from(["^a", "b$", "a.*c", "[0-9]+", "", "x|y", "^(a|b)+$"])
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
STATUSES = st.sampled_from(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED", "ABANDONED"])

# Few names and few values, so that conditions and runs meet; all in one case, but for what ILIKE is to fold.
FEW_NAMES = st.sampled_from(["a", "b"])
FEW_TEXTS = st.sampled_from(["", "a", "A", "ab", "aXc", "b", "3", "%", "a%", "x\ny", "日本"])
FEW_NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 3.0, 2.5, float("inf"), float("-inf")])
FEW_TIMES = st.sampled_from(
    [datetime(2026, 11, 1), datetime(2026, 11, 1, 14, 30), datetime(2026, 11, 2, 0, 0, 0, 1000)]
)
NUMERIC_TEXTS = st.sampled_from(["3", " 3 ", "2.5", "1e0", "-1", "nan", "inf", "0x3", "1_000", "٣", "3d"])
LIKES = st.sampled_from(["%", "_", "a%", "%B", "A_c", "", "a\\%", "x%y", "日_"])


def keys(kinds: tuple[str, ...], names: st.SearchStrategy[str]) -> st.SearchStrategy[Key]:
    return st.builds(Key, st.sampled_from(kinds), names)


@st.composite
def tests_on(draw, *, names, texts, numbers, times, patterns, attributes):
    """Draw a condition on one key, of any kind that fits it."""
    key = draw(
        st.one_of(
            keys(("metric", "param", "tag", "local"), names),
            keys(("dataset",), st.sampled_from(["name", "digest", "context"])),
            keys(("attribute",), st.sampled_from(attributes)),
        )
    )
    negated = draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        return IsNull(key=key, negated=negated)
    if key.kind == "metric" and draw(st.integers(0, 4)) == 0:
        return IsNaN(key=key)
    if key == Key("attribute", "status"):
        return draw(equalities(key, STATUSES, negated=negated))
    if key.kind == "attribute" and key.name in ("start_time", "end_time"):
        return draw(st.one_of(comparisons(key, times), ranges(key, times, negated=negated)))
    as_number = key.kind == "metric" or key.name == "duration"
    if as_number or (key.kind in ("param", "tag", "local") and draw(st.booleans())):
        shapes = [comparisons(key, numbers), ranges(key, numbers, negated=negated)]
        return draw(st.one_of(*shapes, equalities(key, numbers, negated=negated)))
    shapes = [comparisons(key, texts), ranges(key, texts, negated=negated), equalities(key, texts, negated=negated)]
    likes = st.builds(Like, key=st.just(key), pattern=patterns, ignore_case=st.booleans(), negated=st.just(negated))
    matches = st.builds(Matches, key=st.just(key), pattern=PATTERNS, negated=st.just(negated))
    return draw(st.one_of(*shapes, likes, matches))


def comparisons(key, values):
    return st.builds(Compare, key=st.just(key), operator=OPERATORS, value=values)


def ranges(key, values, *, negated):
    return st.builds(Between, key=st.just(key), low=values, high=values, negated=st.just(negated))


def equalities(key, values, *, negated):
    lists = st.lists(values, min_size=1, max_size=3).map(tuple)
    equal = st.builds(Compare, key=st.just(key), operator=st.sampled_from(["=", "!="]), value=values)
    return st.one_of(equal, st.builds(In, key=st.just(key), values=lists, negated=st.just(negated)))


def join(kind: type[And | Or], parts: list) -> And | Or:
    """Join conditions as parsing does: one of the same kind within is dissolved."""
    flat = [inner for part in parts for inner in (part.conditions if isinstance(part, kind) else [part])]
    return kind(conditions=tuple(flat))


def trees(tests):
    """Draw conditions of any shape."""
    return st.recursive(
        tests,
        lambda inner: st.one_of(
            st.builds(lambda parts: join(And, parts), st.lists(inner, min_size=2, max_size=3)),
            st.builds(lambda parts: join(Or, parts), st.lists(inner, min_size=2, max_size=3)),
            st.builds(lambda part: Not(condition=part), inner),
        ),
        max_leaves=6,
    )


ANY_CONDITION = trees(
    tests_on(
        names=TEXTS.filter(bool),
        texts=TEXTS,
        numbers=NUMBERS,
        times=TIMES,
        patterns=TEXTS,
        attributes=["run_id", "name", "status", "start_time", "end_time", "duration", "user", "experiment", "commit"],
    )
)
MEETING_CONDITION = trees(
    tests_on(
        names=FEW_NAMES,
        texts=FEW_TEXTS,
        numbers=FEW_NUMBERS,
        times=FEW_TIMES,
        patterns=LIKES,
        attributes=["name", "status", "start_time", "end_time", "duration"],
    )
)
SMALL_RUN = st.builds(
    ARun,
    name=st.none() | FEW_TEXTS,
    status=st.none() | STATUSES,
    start_time=st.none() | FEW_TIMES,
    end_time=st.none() | FEW_TIMES,
    metrics=st.dictionaries(FEW_NAMES, FEW_NUMBERS | st.just(float("nan"))),
    params=st.dictionaries(FEW_NAMES, FEW_TEXTS | NUMERIC_TEXTS),
    tags=st.dictionaries(FEW_NAMES, FEW_TEXTS | NUMERIC_TEXTS),
    local=st.dictionaries(FEW_NAMES, FEW_TEXTS),
    inputs=st.lists(
        st.builds(Dataset, name=FEW_TEXTS, digest=FEW_TEXTS, context=st.none() | FEW_TEXTS), max_size=3
    ).map(tuple),
)
