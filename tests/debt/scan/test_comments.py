"""Which lines count as a comment that admits a shortcut."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from lean_core.debt.scan.comments import Comment, knows_comments, read_comments


def words(path: str, text: str) -> list[str]:
    return [comment.word for comment in read_comments(path, text)]


def only(path: str, text: str) -> Comment:
    (comment,) = read_comments(path, text)
    return comment


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "# TODO handle it"),
        ("a.py", "x = 1  # TODO: handle it"),
        ("a.py", "#TODO handle it"),
        ("a.py", "# a reason; TODO: handle it"),
        ("a.ts", "call(); // TODO handle it"),
        ("a.c", "/* TODO: handle it */"),
        ("a.java", " * @TODO handle it"),
        ("a.sql", "select 1 -- TODO handle it"),
        ("a.html", "<!-- TODO: handle it -->"),
        ("a.vue", "  // TODO handle it"),
        ("a.lua", "--[[ TODO handle it ]]"),
        ("a.tex", "% TODO handle it"),
        ("a.ini", "; TODO handle it"),
        ("Dockerfile", "# TODO handle it"),
        ("Dockerfile.prod", "# TODO handle it"),
        (".env", "# TODO handle it"),
        ("a.md", "TODO: handle it"),
        ("a.md", "- TODO handle it"),
        ("a.md", "- [ ] TODO handle it"),
        ("a.md", "<!-- TODO handle it -->"),
        ("a.rst", "TODO(ana) handle it"),
    ],
)
def test_a_comment_that_begins_with_the_word_counts(path: str, line: str):
    comment = only(path, line)
    assert (comment.word, comment.text.removesuffix("]]").strip()) == ("TODO", "handle it")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "TODO = 1"),
        ("a.py", "# what to do, as in a TODO list"),
        ("a.py", "# TODOS are counted here"),
        ("a.py", "# todo in small letters"),
        ("a.py", "# DEBT-001: the ID of an item"),
        ("a.py", "print(TODO)"),
        ("a.ts", 'const url = "http://TODO";'),
        ("a.ts", "x * TODO"),
        ("a.c", "y = x * HACK;"),
        ("a.md", "We keep no TODO in our code."),
        ("a.md", "TODO lists are fine."),
        ("a.md", "# TODO"),
        ("a.ipynb", '"cell_type": "TODO",'),
    ],
)
def test_other_lines_do_not(path: str, line: str):
    assert words(path, line) == []


def test_owner_and_date_are_read_and_taken_out_of_the_text():
    comment = only("a.py", "\n# DEBT(@ana): the key is in the image until 2027-03-01, then use a vault")
    assert comment == Comment(
        line=2,
        word="DEBT",
        owner="ana",
        until=dt.date(2027, 3, 1),
        text="the key is in the image, then use a vault",
    )


def test_a_day_that_there_is_not_stays_in_the_text():
    comment = only("a.py", "# DEBT(ana): wait until 2027-02-30")
    assert (comment.until, comment.text) == (None, "wait until 2027-02-30")


def test_a_marker_without_words_counts():
    assert only("a.py", "x = 1  # XXX").text == ""


def test_all_five_words_count():
    text = "# TODO a\n# FIXME b\n# HACK c\n# XXX d\n# DEBT e\n# NOTE f\n"
    assert words("a.py", text) == ["TODO", "FIXME", "HACK", "XXX", "DEBT"]


def test_lines_are_counted_as_git_counts_them():
    text = "a = '\x0b\u2028'\r\n# TODO here\r\n"
    comment = only("a.py", text)
    assert (comment.line, comment.text) == (2, "here")


def test_the_code_of_a_notebook_is_read():
    cell = {"cell_type": "code", "source": ["import x\n", 'x.fit()  # TODO: the "right" split\n']}
    text = json.dumps({"cells": [cell]}, indent=1)
    assert only("a.ipynb", text).text == 'the "right" split'


def test_files_of_unknown_kinds_are_not_read():
    assert knows_comments("src/a.py")
    assert knows_comments("Makefile")
    assert not knows_comments("data.csv")
    assert not knows_comments("model.json")
    assert not knows_comments("LICENSE")
