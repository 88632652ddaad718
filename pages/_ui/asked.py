"""What the address of a page asks for and there is not: said, since a widget passes over it without a word."""

from __future__ import annotations

from collections.abc import Container

import streamlit as st

from pages._ui import boundary, text


def explain_unknown(key: str, options: Container[str], noun: str, *, of: str = "") -> None:
    """Say which values of a query parameter are none; to be called before the widget that is bound to it.

    Args:
        key: of the widget, and of the parameter.
        options: what there is.
        noun: what each of them is.
        of: the model that has them.
    """
    if key in st.session_state:
        return  # what was chosen of another model is no mistake of an address
    for asked in st.query_params.get_all(key):
        if asked not in options:
            said = f"{noun} {text.code(asked)}{f' of {text.plain(of)}' if of else ''}"
            boundary.show("info", f"There is no {said}, which the address asks for: choose another.")
