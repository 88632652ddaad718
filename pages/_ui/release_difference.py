"""A difference between two versions: its items, the values in them, and the commits with who looked at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import streamlit as st

from lean_core.releases.difference import ChangedValue, CodeChange, Difference, Item, ReviewedCommit, Status
from pages._ui import boundary, grid, text

COLOURS: dict[Status, Literal["orange", "gray", "green"]] = {"changed": "orange", "unknown": "gray", "same": "green"}
ICONS: dict[Status, str] = {
    "changed": ":material/difference:",
    "unknown": ":material/question_mark:",
    "same": ":material/check:",
}
_TALLEST = 480
"""Pixels, of a diff; a longer one scrolls."""
_LINES = 20
"""So many fit into it."""


def draw_difference(difference: Difference, *, key: str) -> None:
    """Draw the items, changed first, then the commits and the diff.

    Args:
        difference: of two versions.
        key: tells the tables of this one from those of another one on the page.
    """
    draw_items(difference.items)
    before, after = difference.first.name, difference.second.name
    values = [(item.name, value) for item in difference.items for value in item.values if value.status != "same"]
    if values:
        st.subheader("Values", anchor=False)
        _draw_values(values, (f"In {before}", f"In {after}"), key=f"{key}-values")
    _draw_code(difference.code, key=key)


def draw_items(items: Iterable[Item]) -> None:
    """Draw a line an item, with its state."""
    # A paragraph each: of two elements side by side, a telephone puts some below each other, and some not.
    st.markdown(
        "\n\n".join(
            f":{COLOURS[item.status]}-badge[{ICONS[item.status]} {item.status}]"
            f" **{text.plain(item.name.capitalize())}** {text.plain(item.sentence)}"
            for item in items
        )
    )


def _draw_values(values: Sequence[tuple[str, ChangedValue]], heads: tuple[str, str], *, key: str) -> None:
    first, second = heads if heads[0] != heads[1] else ("Before", "After")
    st.dataframe(
        {
            "What": [name for name, _ in values],
            "Key": [value.key for _, value in values],
            "State": [value.status for _, value in values],
            first: [_say(value.before) for _, value in values],
            second: [_say(value.after) for _, value in values],
            "Remark": [value.remark for _, value in values],
        },
        hide_index=True,
        height=grid.height(len(values)),
        column_config={"Key": st.column_config.TextColumn(width=grid.key_width(value.key for _, value in values))},
        key=key,
        placeholder="",
        alt="Changed values",
    )


def _say(value: str | float | None) -> str | None:
    return text.number(value) if isinstance(value, float) else value


def _draw_code(code: CodeChange, *, key: str) -> None:
    if code.problem:
        boundary.show("info", text.plain(f"{code.problem[:1].upper()}{code.problem[1:]}"))
    if code.commits:
        st.subheader("Commits", anchor=False)
        _draw_commits(code.commits, key=f"{key}-commits")
        if code.cut:
            st.caption("There are more commits than are listed, or the clone is too shallow to tell.")
    if code.diff is None:
        return
    with st.expander(f"Diff of {text.count(len(code.diff.files), 'file')}", icon=":material/difference:"):
        if code.diff.cut:
            st.caption("Cut: the whole is longer. `git diff` in the repository shows all of it.")
        few = code.diff.text.count("\n") < _LINES
        # Without a language, whose colours are too pale; and in a container that scrolls, since the keyboard reaches
        # the button in it, and not a code that scrolls by itself.
        with st.container(height="content" if few else _TALLEST, border=False):
            st.code(code.diff.text, language=None, height="content", wrap_lines=True)


def _draw_commits(commits: Sequence[ReviewedCommit], *, key: str) -> None:
    st.dataframe(
        {
            "Commit": [commit.sha[:10] for commit in commits],
            "Time (UTC)": [commit.time for commit in commits],
            "Author": [commit.author for commit in commits],
            "What": [commit.subject for commit in commits],
            "AI": [", ".join(commit.assistants) for commit in commits],
            "Reviewed": ["merge" if commit.is_merge else commit.review.answer for commit in commits],
            "Why": ["" if commit.is_merge else commit.review.reason for commit in commits],
            "Only in": [commit.only_in for commit in commits],
        },
        hide_index=True,
        height=grid.height(len(commits)),
        column_config={
            "Commit": st.column_config.TextColumn(width=100),
            "Time (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            "AI": st.column_config.TextColumn(help="Assistants that the commit's trailers name"),
            "Reviewed": st.column_config.TextColumn(help="By anybody but the author, as far as git shows it"),
        },
        key=key,
        placeholder="",
        alt="Commits",
    )
    assisted = [commit for commit in commits if commit.assistants and not commit.is_merge]
    unseen = [commit for commit in assisted if commit.review.answer != "yes"]
    if unseen:
        boundary.show(
            "warning",
            f"{text.count(len(assisted), 'commit')} with the help of AI, {len(unseen)} of them with no known review.",
        )
