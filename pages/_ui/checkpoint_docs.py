"""The documentation, read where it is needed."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parents[2] / "docs"
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")
_RELATIVE_LINK = re.compile(r"\[([^\]]*)\]\((?!https?://)[^)]*\)")


def draw_button(name: str, *, key: str) -> None:
    """Draw a button that opens a page of the documentation, where it is there.

    Args:
        name: of the page.
        key: of the button, which must be the only one of that name.
    """
    is_there = (_FOLDER / f"{name}.md").is_file()
    if is_there and st.button(":small[:blue[Read how]]", icon=":material/menu_book:", key=key, type="tertiary"):
        _draw(name)


@st.dialog("Documentation", width="large", icon=":material/menu_book:")
def _draw(name: str) -> None:
    written = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    # Pictures and other pages lie beside the file, where the browser does not look.
    st.markdown(_RELATIVE_LINK.sub(r"\1", _IMAGE.sub("", written)))
