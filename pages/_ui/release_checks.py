"""The checks of a gate: name and verdict, the value against what is wanted, and the reason."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lean_core.registry import CheckResult
from pages._ui import release_marks, text

_WIDTHS = (5, 4, 6)
"""Of the three columns. On a telephone Streamlit puts them below each other, which a table can't."""


def draw(checks: Sequence[CheckResult]) -> None:
    """Draw a row a check, in the order of the gate."""
    with st.container(gap="small", key="checks"):
        for check in checks:
            for column, said in zip(st.columns(_WIDTHS, gap="xsmall"), _tell(check), strict=True):
                if said:
                    column.markdown(said)


def _tell(check: CheckResult) -> tuple[str, str, str]:
    from lean_core.releases.checks.bounds import show

    value = show(check.value) if isinstance(check.value, float | int) else check.value or "no value"
    wanted = f" {text.small(text.plain(check.threshold))}" if check.threshold else ""
    return (
        f":small[{release_marks.verdict(check)} {text.plain(check.name)}]",
        f":small[**{text.plain(value)}**]{wanted}",
        text.small(text.plain(check.reason)) if check.reason else "",
    )
