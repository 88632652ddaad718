from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITES_MARKDOWN = {"summary.py"}  # for GitHub
FILES = [
    path
    for folder in ("releases", "registry")
    for path in sorted((ROOT / "lean_core" / folder).rglob("*.py"))
    if path.name not in WRITES_MARKDOWN
]


def said(source: str) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings."""
    for node in ast.walk(ast.parse(source)):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
                yield child.value


def test_texts_are_told_from_docstrings():
    assert list(said('"""Say `this`."""\nthat = f"{x} `that`"\n')) == [" `that`"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "lean_core")))
def test_sentences_hold_no_markdown_since_pages_and_terminals_show_them_as_they_are(path: Path):
    assert [text for text in said(path.read_text(encoding="utf-8")) if "`" in text] == []
