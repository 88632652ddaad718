"""What docs/debt.md shows is what happens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from lean_core.debt.exchange import guess_mapping, plan_import, read_table
from lean_core.debt.item import RISKS, STATUSES, Item
from lean_core.debt.scan import Marker, draft_of
from lean_core.debt.scan.comments import WORDS, read_comments

DOC = Path("docs/debt.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(csv|markdown|json|python)\n(.*?)```\n\n```text\n(.*?)```", DOC, re.DOTALL)
NAMES = {"csv": "debt.csv", "markdown": "debt.md", "json": "debt.json"}


def tell(ident: str, fields: Mapping[str, object]) -> str:
    said = "; ".join(f"{name}={value}" for name, value in fields.items()).replace("\n", "⏎")
    return f"{ident or '-'}: {said}\n"


def test_there_is_an_example_of_each_form():
    assert [kind for kind, _, _ in EXAMPLES] == ["csv", "markdown", "markdown", "markdown", "json", "python"]


@pytest.mark.parametrize(("kind", "example", "becomes"), [each for each in EXAMPLES if each[0] != "python"])
def test_each_example_becomes_what_stands_below_it(kind: str, example: str, becomes: str):
    name = "docs/adr/0007-use-cron.md" if example.startswith("# 7.") else NAMES[kind]
    table = read_table(name, example)
    plan = plan_import(table, guess_mapping(table), [])
    assert "".join(tell(draft.id, draft.fields) for draft in plan.new) == becomes
    assert (plan.refused, [draft.problems for draft in plan.new if draft.problems]) == ((), [])


def test_the_markers_of_the_example_become_what_stands_below_them():
    _, example, becomes = EXAMPLES[-1]
    markers = (
        Marker(
            path="train.py",
            line=comment.line,
            word=comment.word,
            owner=comment.owner,
            until=comment.until,
            text=comment.text,
            fingerprint="",
        )
        for comment in read_comments("train.py", example)
    )
    assert "".join(tell("", draft_of(marker)) for marker in markers) == becomes


def test_every_field_status_risk_and_word_is_named():
    kept = {"revision", "updated_at", "updated_by"}
    for name in (*(set(Item.__dataclass_fields__) - kept), *RISKS, *STATUSES, *WORDS):
        assert f"`{name}`" in DOC, f"docs/debt.md does not name {name}"
