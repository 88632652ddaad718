from __future__ import annotations

import pytest

from lean_core.spreadsheet import spreadsheet_text


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_takes_a_formula_for_text(cell: str) -> None:
    assert spreadsheet_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "-1", "+1.5e3", "-inf"])
def test_numbers_and_other_cells_are_left_as_they_are(cell: str) -> None:
    assert spreadsheet_text(cell) == cell
