"""CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator

from lean_core.debt.exchange.rows import Row
from lean_core.errors import DebtRefused

_DELIMITERS = ",;\t|"
_LOOKED_AT = 50
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def guard_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard_cell(text: str) -> str:
    """Take that apostrophe off again."""
    return text[1:] if _GUARDED.match(text) else text


def read_delimited(name: str, text: str) -> list[Row]:
    """Read a CSV file whose first line names its columns; cells may go over several lines.

    Raises:
        DebtRefused: it is not one.
    """
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say it
    skipped = told.end() if told else 0
    delimiter = told[1] if told else _find_delimiter(text)
    records = _read_records(text[skipped:], delimiter, first_line=2 if told else 1)
    try:
        _, header = next(records, (0, []))
        rows = [Row(values=dict(_pair(header, cells)), line=line, file=name) for line, cells in records]
    except csv.Error as error:
        raise DebtRefused(f"{name} can't be read as CSV: {error}; save it anew with quoted cells") from None
    return [row for row in rows if row.values]


def _read_records(text: str, delimiter: str, *, first_line: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = first_line
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begin, cells
        begin = first_line + reader.line_num


def _find_delimiter(text: str) -> str:
    """Return the delimiter by which most records have as many cells as the header, and more than one."""
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            records = list(itertools.islice(_read_records(text, delimiter, first_line=1), _LOOKED_AT))
        except csv.Error:
            continue
        width = len(records[0][1]) if records else 0
        score = sum(len(cells) == width for _, cells in records) * (width - 1)
        if score > most:
            best, most = delimiter, score
    return best


def _pair(header: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    for at, cell in enumerate(cells):
        column = header[at].strip() if at < len(header) else ""
        if cell:
            yield column or f"Column {at + 1}", unguard_cell(cell)
