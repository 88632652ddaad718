"""The way back in the browser's history.

Streamlit opens a page with parameters in two steps: it gives the page that is left the parameters of the one that is
opened, then it changes the path. Both steps become entries of the history, so the first step back lands on a page with
another one's parameters: the page of runs without its filter. There, what the page showed when it was left is restored.
"""

from __future__ import annotations

import streamlit as st

from pages._ui import keys

MOST_KEPT = 50
Parameters = dict[str, list[str]]


def mend(page: st.Page) -> None:
    """Restore the page's own parameters where a step back in the history gave it those of the page just left."""
    left: dict[str, Parameters] = st.session_state.setdefault(keys.LEFT, {})
    path, had = st.session_state.get(keys.OPEN_PAGE, (None, []))
    here = _parameters()
    if path != page.url_path:
        if here and here in had and left.get(page.url_path, here) != here:
            st.switch_page(page, query_params=left[page.url_path])
        st.session_state[keys.OPEN_PAGE] = (page.url_path, [])
    remember(page)


def remember(page: st.Page) -> None:
    """Keep the parameters that the page has: at its start, and at its end, when it has changed some itself."""
    here = _parameters()
    st.session_state[keys.LEFT][page.url_path] = here
    _, had = st.session_state[keys.OPEN_PAGE]
    if here not in had:
        had.append(here)
        del had[:-MOST_KEPT]


def _parameters() -> Parameters:
    return {name: st.query_params.get_all(name) for name in st.query_params}
