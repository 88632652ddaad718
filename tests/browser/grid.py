"""Streamlit's grid is a canvas: read it by the ARIA table behind it, move in it by the keyboard.

What only the mouse does, such as a click on a head, goes by pixels: rows are equally high, marks and names stand first.
"""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page

HEAD = -1
ROW_HEIGHT = 35
MARK, NAME, BESIDE_NAME = 16, 70, 300
"""Pixels from the left: in the column of marks, in a pinned column of names, in the column after that."""
_ATTEMPTS = 10
_DELAY_SECONDS = 1.5
_ROWS = """rows => rows.map(row => [
    Number(row.getAttribute('aria-rowindex')) - 2,
    [...row.querySelectorAll('[role=gridcell]')].map(cell => cell.textContent),
])"""


class Grid:
    """An `st.dataframe`, found by its ``alt`` text."""

    def __init__(self, page: Page, alt: str) -> None:
        self.page = page
        self.frame = page.get_by_test_id("stDataFrame").filter(has=page.get_by_role("region", name=alt, exact=True))
        self.canvas = self.frame.get_by_test_id("data-grid-canvas")
        self.canvas.locator("[role=gridcell]").first.wait_for(state="attached")

    def headers(self) -> list[str]:
        return self.canvas.locator("[role=columnheader]").all_text_contents()

    def rows(self) -> dict[int, list[str]]:
        """Return the cells of the rows that are drawn, by number: a long table has only those in view."""
        return dict(self.canvas.locator("tbody [role=row]").evaluate_all(_ROWS))

    def column(self, header: str) -> list[str]:
        """Return the cells of one column, of the rows that are drawn."""
        at = self.headers().index(header)
        return [cells[at] for _, cells in sorted(self.rows().items())]

    def focus(self, column: int, row: int) -> None:
        """Move the cursor to a cell; columns count as in `headers`."""
        self._enter()
        for _ in range(200):
            at, goal = self._cursor(), (self._number_of(column), row)
            if at == goal:
                return
            key = (
                ("ArrowRight" if at[0] < goal[0] else "ArrowLeft")
                if at[0] != goal[0]
                else ("ArrowDown" if at[1] < goal[1] else "ArrowUp")
            )
            self.page.keyboard.press(key)
            self._wait_for_move(at)
        raise AssertionError(f"the cursor does not reach column {column}, row {row}: it is at {self._cursor()}")

    def marked(self) -> list[int]:
        """Return the selected rows, of those that are drawn."""
        return [row for row, _ in self.canvas.locator("tbody [role=row][aria-selected=true]").evaluate_all(_ROWS)]

    def click(self, x: int, row: int) -> None:
        """Click so many pixels from the left, in a row that is in view, where a click does something."""
        scroller = self.frame.locator(".dvn-scroller").first
        y = (row + 1) * ROW_HEIGHT + ROW_HEIGHT // 2
        for attempt in range(_ATTEMPTS * 10):
            # The canvas is drawn before it listens; where it does, the pointer is a hand.
            scroller.hover(position={"x": x + attempt % 2, "y": y})
            if scroller.evaluate("scroller => scroller.style.cursor") == "pointer":
                scroller.click(position={"x": x, "y": y})
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"nothing can be clicked at {x}, row {row}")

    def select_row(self, row: int) -> None:
        """Select a row or take it out of the selection, in a table that lets rows be selected."""
        self.focus(len(self.headers()) - 1, row)
        self.page.keyboard.press("Shift+Space")

    def _enter(self) -> None:
        # The canvas is drawn before it listens, and the ARIA table follows late: a second click too soon is a double
        # click, which opens the cell.
        for _ in range(_ATTEMPTS):
            if self._cursor_or_none() is not None:
                return
            self.frame.locator(".dvn-scroller").first.click(position={"x": 100, "y": 52})
            self._wait_for_move(None)
        raise AssertionError("the grid does not take the focus")

    def _cursor_or_none(self) -> tuple[int, int] | None:
        cell = self.canvas.locator("[role=gridcell][aria-selected=true]")
        name = (cell.first.get_attribute("id") or "") if cell.count() else ""
        match = re.match(r"glide-cell-(\d+)-(\d+)", name)
        return (int(match[1]), int(match[2])) if match else None

    def _cursor(self) -> tuple[int, int]:
        cursor = self._cursor_or_none()
        assert cursor is not None, "the grid lost the focus"
        return cursor

    def _number_of(self, column: int) -> int:
        cell = self.canvas.locator("tbody [role=row]").first.locator("[role=gridcell]").nth(column)
        match = re.match(r"glide-cell-(\d+)-", cell.get_attribute("id") or "")
        assert match, "the grid's cells have no numbers"
        return int(match[1])

    def _wait_for_move(self, before: tuple[int, int] | None) -> None:
        # The ARIA table follows the canvas with a delay.
        deadline = time.monotonic() + _DELAY_SECONDS
        while self._cursor_or_none() == before and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
