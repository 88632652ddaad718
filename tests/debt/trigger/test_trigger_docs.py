"""What docs/triggers.md shows works as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lean_core.debt.trigger import ALWAYS, State, check_text
from lean_core.debt.trigger.parse import LONGEST
from lean_core.debt.trigger.reading import DEEPEST

TEXT = (Path(__file__).parents[3] / "docs" / "triggers.md").read_text(encoding="utf-8")


def column(head: str) -> list[str]:
    """Return the first column of the table that begins with a row."""
    table = TEXT.split(f"| {head} |\n", maxsplit=1)[1].split("\n\n", maxsplit=1)[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[1:]]


EXAMPLES = [cell.strip("`") for cell in column("expression | fires when")]
REFUSED = [cell.strip("`") for cell in column("expression | since")]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_an_expression(example: str):
    assert check_text(example) is None


@pytest.mark.parametrize("example", REFUSED)
def test_what_is_said_to_be_refused_is(example: str):
    assert check_text(example) is not None


def test_there_are_examples_of_both():
    assert len(EXAMPLES) > 10
    assert len(REFUSED) >= 10


@pytest.mark.parametrize("expression", [span for span in re.findall(r"`([^`\n]+)`", TEXT) if " or " in span])
def test_an_expression_within_the_text_is_one_too(expression: str):
    assert check_text(expression) is None


def test_every_value_that_is_shown_can_be_compared():
    for cell in ("60", "-1.5", "1e6", '"eu-west"', "'eu-west'", "true", "2027-01-01"):
        assert f"`{cell}`" in TEXT
        assert check_text(f"a = {cell}") is None
    for length in ("12h", "3d", "2w"):
        assert f"`{length}`" in TEXT
        assert check_text(f"a > 1 for {length}") is None


def test_every_state_is_told():
    assert column("state | when") == [*State.__args__, "snoozed"]


def test_what_is_always_there_and_the_limits_are_told():
    assert all(f"`{name}`" in TEXT for name in ALWAYS)
    assert f"{LONGEST:,} characters; {DEEPEST} levels" in TEXT
