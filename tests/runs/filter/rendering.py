"""Writes a condition as a person might: with any of the spellings that the language allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from lean_core.runs.filter import (
    And,
    Between,
    Compare,
    Condition,
    In,
    IsNaN,
    IsNull,
    Key,
    Like,
    Matches,
    Not,
    Or,
    quote_key,
)

PREFIXES = {
    "metric": ["metric", "metrics", "Metrics", "`metrics`"],
    "param": ["param", "params", "parameter", "parameters"],
    "tag": ["tag", "tags"],
    "local": ["local", "local_tag", "local_tags"],
    "dataset": ["dataset", "datasets"],
}
ALIASES = {
    "name": ["name", "run_name", "`run name`", '"Run Name"'],
    "start_time": ["start_time", "Created", "attr.created"],
}
SPELLINGS = {"=": ["=", "=="], "!=": ["!=", "<>"]}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def render(condition: Condition, random: Random) -> str:
    if isinstance(condition, And | Or):
        word = keyword("and" if isinstance(condition, And) else "or", random)
        return f"{space(random)}{word}{space(random)}".join(
            operand(condition, part, random) for part in condition.conditions
        )
    if isinstance(condition, Not):
        return f"{keyword('not', random)} ({render(condition.condition, random)})"
    if isinstance(condition, IsNaN):
        return f"{keyword('isnan', random)}({render_key(condition.key, random)})"
    written = f"{render_key(condition.key, random)} {render_test(condition, random)}"
    return f"({written})" if random.random() < 0.2 else written


def operand(outer: And | Or, part: Condition, random: Random) -> str:
    needs = isinstance(part, Or) or (isinstance(part, And) and isinstance(outer, And))
    return f"({render(part, random)})" if needs or random.random() < 0.2 else render(part, random)


def render_test(test: Condition, random: Random) -> str:
    is_time = isinstance(getattr(test, "value", getattr(test, "low", None)), datetime)
    exact = isinstance(test, Compare) and test.operator in ("=", "!=")
    not_ = f"{keyword('not', random)} " if getattr(test, "negated", False) else ""

    def value(one: object) -> str:
        if is_time:
            return render_time(one, random, exact=exact)
        return render_value(one, random, seconds=test.key.name == "duration")

    match test:
        case Compare():
            operator = random.choice(SPELLINGS.get(test.operator, [test.operator]))
            written = f"{operator}{space(random)}{value(test.value)}"
        case In():
            written = f"{not_}{keyword('in', random)} ({', '.join(value(one) for one in test.values)})"
        case Between():
            and_ = keyword("and", random)
            written = f"{not_}{keyword('between', random)} {value(test.low)} {and_} {value(test.high)}"
        case IsNull():
            written = f"{keyword('is', random)} {not_}{keyword('null', random)}"
        case Like():
            like = keyword("ilike" if test.ignore_case else "like", random)
            written = f"{not_}{like} {render_value(test.pattern, random)}"
        case Matches():
            signs = ["!~", "not ~", "NOT rlike", "not regexp"] if test.negated else ["~", "rlike", "REGEXP"]
            written = f"{random.choice(signs)} {render_value(test.pattern, random)}"
    return written


def render_key(key: Key, random: Random) -> str:
    if key.kind == "attribute":
        written = random.choice(ALIASES.get(key.name, [key.name]))
        return random.choice(["attributes.", "attr.", "run.", ""]) + written if "." not in written else written
    if random.random() < 0.4:
        return quote_key(key.kind, key.name)
    quote = random.choice('`"')
    return f"{random.choice(PREFIXES[key.kind])}.{quote}{key.name.replace(quote, quote * 2)}{quote}"


def render_value(value: object, random: Random, *, seconds: bool = False) -> str:
    if isinstance(value, str):
        quote = random.choice("'\"")
        return quote + value.replace(quote, quote * 2) + quote
    if value == float("inf"):
        return random.choice(["inf", "Infinity", "1e999"])
    if value < 0:
        return f"-{space(random) if random.random() < 0.2 else ''}{render_value(-value, random)}"
    units = [unit for unit, length in UNITS.items() if value // length * length == value]
    if seconds and units and random.random() < 0.5:
        unit = random.choice(units)
        return f"{value / UNITS[unit]!r}{unit}"
    return repr(value)


def render_time(value: datetime, random: Random, *, exact: bool) -> str:
    milliseconds = (value - datetime(1970, 1, 1)) / timedelta(milliseconds=1)
    if value.microsecond % 1000 == 0 and random.random() < 0.3:
        return render_value(milliseconds, random)
    if value == datetime.combine(value.date(), datetime.min.time()) and not exact and random.random() < 0.5:
        return f"'{value:%Y-%m-%d}'"
    zone = random.choice([None, UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
    written = value.isoformat(random.choice("T "), timespec="microseconds")
    if zone:
        written = value.replace(tzinfo=UTC).astimezone(zone).isoformat(random.choice("T "), timespec="microseconds")
        written = written.replace("+00:00", "Z") if random.random() < 0.5 else written
    return f"'{written}'"


def keyword(word: str, random: Random) -> str:
    return random.choice([word, word.upper(), word.capitalize()])


def space(random: Random) -> str:
    return random.choice([" ", "  ", "\n", "\t", "\u00a0"])
