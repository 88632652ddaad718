"""The router: the one way into every page.

Until a session of the server has called `st.navigation`, Streamlit discovers the folder `pages/` by itself: a deep
link right after the start (and every AppTest run) then executes a page without app.py. So each page calls
`require_app` on its first line, which runs the app around the page where nobody has.
"""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import boundary, history, keys, sidebar
from pages._ui.startup import HOME
from pages._ui.workbench import current_folder, keep_open

if TYPE_CHECKING:
    from streamlit.commands.page_config import MenuItems

PRODUCT = "Lean MLOps Workbench"
_PARTS = Path(__file__).parent
_FOLDER = _PARTS.parent
_ROOT = "home"
"""What Streamlit knows the page at the root by; not the home page's own name, so that /runs is a page as well."""
_VISIBLE: dict[str, tuple[str, str, str]] = {
    "readiness": ("Readiness", ":material/flag:", "How each model stands, what hurts next, and what to do about it."),
    "checkpoint": ("Checkpoint", ":material/fact_check:", "The five questions of each model, and what answers them."),
    "runs": ("Runs", ":material/table_rows:", "Find runs, and open or compare those that matter."),
    "registry": ("Registry", ":material/inventory_2:", "Models with their versions, and what is live."),
    "releases": ("Releases", ":material/rocket_launch:", "What is live where, why it was allowed, and the way back."),
    "signals": ("Signals", ":material/monitor_heart:", "Whether anybody would notice if it broke or went stale."),
    "debt": ("Debt", ":material/receipt_long:", "Shortcuts, who owns them, and when it is time to repay them."),
    "workspace": ("Workspace", ":material/database:", "Where runs come from, how fresh they are, and what is kept."),
}
"""The pages of the navigation, by file name: title, icon, and what the page is for."""
_HIDDEN: dict[str, str] = {"run": "Run", "compare": "Compare runs", "version": "Version", "welcome": "Open a workspace"}
"""The pages that others link to, by file name."""

_MENU: MenuItems = {"About": f"**{PRODUCT}**: ship, observe and change a model, and know that you can."}
_NO_MENU: MenuItems = {"About": None}
"""With nothing in it, it is not there: as .streamlit/config.toml wants it."""

_routed: ContextVar[bool] = ContextVar("_routed", default=False)


def main() -> None:
    """Run the app: the frame, then the page that the URL asks for."""
    with boundary.catch_errors():
        presented = keys.PRESENT in st.query_params
        # A file as the icon: Streamlit fetches the picture of a :material: icon from a foreign host.
        st.set_page_config(page_icon=_PARTS / "mark.svg", layout="wide", menu_items=_NO_MENU if presented else _MENU)
        page = st.navigation(_list_pages(), position="hidden" if presented else "sidebar")
        if st.session_state.pop(keys.OPENED, False) and page.url_path == "welcome":
            st.switch_page(_FOLDER / f"{HOME}.py")
        history.mend(page)
        if page.url_path == HOME and current_folder() is not None:
            _go_home()
        st.set_page_config(page_title=f"{page.title} · {PRODUCT}")
        boundary.show_notices()
        with keep_open():
            if not presented:
                st.logo(_PARTS / "logo.svg", icon_image=_PARTS / "mark.svg")
                sidebar.draw(here=page.url_path)
            token = _routed.set(True)
            try:
                page.run()
                history.remember(page)
            finally:
                _routed.reset(token)


def require_app() -> None:
    """Make sure that the page runs inside the app."""
    if not _routed.get():
        main()
        st.stop()


def _list_pages() -> list[st.Page]:
    if current_folder() is None:
        # Whatever the URL asks for is the welcome page, and the URL stays: it is what opens afterwards.
        welcome = _FOLDER / "welcome.py"
        names = [_ROOT, *_VISIBLE, *_HIDDEN]
        return [
            st.Page(welcome, title="Welcome", url_path=name, visibility="hidden", default=name == _ROOT)
            for name in names
        ]
    visible = [
        st.Page(
            _FOLDER / f"{name}.py",
            title=title,
            icon=icon,
            help=purpose,
            default=name == HOME,
            url_path=_ROOT if name == HOME else name,
        )
        for name, (title, icon, purpose) in _VISIBLE.items()
    ]
    hidden = [st.Page(_FOLDER / f"{name}.py", title=title, visibility="hidden") for name, title in _HIDDEN.items()]
    return [*visible, *hidden, st.Page(_go_home, title="Home", url_path=HOME, visibility="hidden")]


def _go_home() -> None:
    """Bring a URL that names the home page to where Streamlit keeps it: at the root."""
    # `to_dict` would keep one value of a parameter that is there several times.
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    st.switch_page(_FOLDER / f"{HOME}.py", query_params=asked)
