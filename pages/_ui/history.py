"""The way back in the browser's history.

Streamlit opens a page with parameters in two steps: it gives the page that is left the parameters of the one that is
opened, then it changes the path. Both steps become entries of the history, so the first step back lands on a page with
another one's parameters: the page of runs without its filter. There, what the page showed when it was left is restored.
"""

from __future__ import annotations

import streamlit as st

from pages._ui import keys


def mend(page: st.Page) -> None:
    """Restore the page's own parameters where a step back in the history gave it those of the page just left."""
    left: dict[str, dict[str, list[str]]] = st.session_state.setdefault(keys.LEFT, {})
    path, opened_with = st.session_state.get(keys.ENTERED, (page.url_path, {}))
    here = _parameters()
    if path != page.url_path and here and here == opened_with and left.get(page.url_path, here) != here:
        st.switch_page(page, query_params=left[page.url_path])
    if path != page.url_path or keys.ENTERED not in st.session_state:
        st.session_state[keys.ENTERED] = (page.url_path, here)
    left[page.url_path] = here


def remember(page: st.Page) -> None:
    """Keep the parameters that the page has after it was drawn: what a callback changed is among them only now."""
    st.session_state[keys.LEFT][page.url_path] = _parameters()


def _parameters() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
