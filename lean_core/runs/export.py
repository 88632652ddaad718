"""Write a table of runs for other programs and people: CSV, Parquet, Markdown, one HTML file."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import math

from lean_core.runs.tabulate import Cell, Sheet, to_arrow
from lean_core.spreadsheet import spreadsheet_text

_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#14212b;background:#fff}"
    "table{border-collapse:collapse}th,td{padding:.35rem .6rem;border-bottom:1px solid #dde4e8;text-align:left;"
    "white-space:nowrap}th{position:sticky;top:0;background:#f1f5f7}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}caption{text-align:left;padding-bottom:.75rem;color:#64748b}"
    "@media(prefers-color-scheme:dark){body{color:#e7eef1;background:#0e1518}th{background:#172127}"
    "th,td{border-color:#2a3942}}"
)


MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown",
    "html": "text/html",
}
"""What can be written, by file ending."""


def export(sheet: Sheet, ending: str, *, title: str, caption: str) -> bytes:
    """Return the file with this ending, a key of `MEDIA_TYPES`.

    Args:
        sheet: the table.
        ending: ``csv``, ``parquet``, ``md`` or ``html``.
        title: the heading of an HTML file.
        caption: what the table is of: filter, sort, time; for HTML.
    """
    match ending:
        case "csv":
            return to_csv(sheet)
        case "parquet":
            return to_parquet(sheet)
        case "md":
            return to_markdown(sheet)
        case _:
            return to_html(sheet, title=title, caption=caption)


def to_csv(sheet: Sheet) -> bytes:
    """Return CSV in UTF-8 with a header; text that a spreadsheet would run as a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([spreadsheet_text(name) for name in names(sheet)])
    writer.writerows([spreadsheet_text(_plain(cell)) for cell in row] for row in sheet.rows)
    return text.getvalue().encode()


def to_parquet(sheet: Sheet) -> bytes:
    """Return a Parquet file with the columns of `to_arrow`."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(to_arrow(sheet), sink)
    return sink.getvalue()


def to_markdown(sheet: Sheet) -> bytes:
    """Return a Markdown table."""
    lines = [_markdown_row(names(sheet)), _markdown_row(["---"] * len(sheet.columns))]
    lines += [_markdown_row([_plain(cell) for cell in row]) for row in sheet.rows]
    return ("\n".join(lines) + "\n").encode()


def to_html(sheet: Sheet, *, title: str, caption: str) -> bytes:
    """Return one HTML file that needs nothing else.

    Args:
        sheet: the table.
        title: the document's heading.
        caption: what the table is of: filter, sort, time.
    """
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names(sheet))
    body = "".join("<tr>" + "".join(map(_html_cell, row)) + "</tr>\n" for row in sheet.rows)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>\n"
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"
        "</body></html>\n"
    ).encode()


def names(sheet: Sheet) -> list[str]:
    """Return the columns' names: the key as the filter language writes it."""
    return [str(key) for key in sheet.columns]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(timespec="milliseconds") + "Z"
    if isinstance(cell, float):
        return number(cell)
    return str(cell)


def number(value: float) -> str:
    """Return a number as text that reads back as the same number; NaN and infinities by name."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _markdown_row(cells: list[str]) -> str:
    escaped = [
        cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("![", "!\\[")
        for cell in cells
    ]
    return "| " + " | ".join(escaped) + " |"


def _html_cell(cell: Cell) -> str:
    kind = ' class="n"' if isinstance(cell, int | float) else ""
    return f"<td{kind}>{html.escape(_plain(cell))}</td>"
