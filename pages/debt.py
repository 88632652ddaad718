"""The page *Debt log*: shortcuts, who owns them, what they block, and when they speak up."""

from pages._ui.router import require_app

require_app()

from collections.abc import Callable

import streamlit as st

from lean_core import clock
from pages._ui import (
    debt_board,
    debt_bulk,
    debt_code,
    debt_conflicts,
    debt_export,
    debt_filter,
    debt_form,
    debt_grid,
    debt_import,
    debt_item,
    debt_reading,
    debt_top,
    keys,
)
from pages._ui.workbench import open_workbench


def draw_log() -> None:
    found = debt_filter.draw(items)
    if not found:
        st.info("No item passes the filter.")
        return
    debt_grid.draw(workbench, found, triggers, now)
    debt_bulk.draw(workbench, found)


def draw_empty() -> None:
    st.info(
        "The log is empty. A shortcut belongs here when you know that you will have to pay it back: with an owner, what"
        " it blocks, and a trigger by which it announces itself. Log the first, bring in a list that you have, or let"
        " the workbench look for TODO and FIXME in your code."
    )


workbench = open_workbench()
items = debt_reading.read_items(workbench)
triggers = debt_reading.read_triggers(workbench)
review = debt_reading.read_review(workbench)
now = clock.now()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Debt log", anchor=False, width="content")
    st.space("stretch")
    st.button("Log a shortcut", key="add-debt", icon=":material/add:", type="primary", on_click=debt_form.begin)
    with st.popover("Review", icon=":material/fact_check:"):
        debt_top.draw_review(workbench, review)
    debt_export.draw(workbench)

if st.query_params.pop(keys.DEBT_ADD, None) is not None:
    debt_form.begin()
if keys.DEBT_ADDING in st.session_state:
    debt_form.open_dialog(workbench)
debt_conflicts.draw(workbench)
name = st.query_params.get(keys.DEBT_ITEM)
if name is not None:
    item = debt_reading.read_item(workbench, name)
    if item is None:
        debt_item.explain_missing(name)
    else:
        debt_item.draw(workbench, item, triggers.get(item.id), now)
    st.stop()

debt_top.draw_numbers(items, triggers, review, now)
debt_top.draw_triggers(workbench, items, triggers, now)
sections: dict[str, Callable[[], None]] = {
    "Log": draw_log if items else draw_empty,
    "Board": lambda: debt_board.draw_board(items, triggers, now),
    "Risks": lambda: debt_board.draw_matrix(items),
    "In the code": lambda: debt_code.draw(workbench),
    "Import": lambda: debt_import.draw(workbench),
}
for tab, draw in zip(st.tabs(list(sections), key=keys.SECTION, bind="query-params"), sections.values(), strict=True):
    if tab.open:
        with tab:
            draw()
