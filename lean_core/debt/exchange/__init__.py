"""Bring shortcuts in from what people keep them in, and write the log out again. docs/debt.md shows the forms.

`read_table` reads a file, `guess_mapping` proposes what its columns mean, `plan_import` says what an import would do.
"""

from lean_core.debt.exchange.adr import is_record, read_adr_folder
from lean_core.debt.exchange.draft import Draft
from lean_core.debt.exchange.export import to_csv, to_json, to_markdown
from lean_core.debt.exchange.mapping import guess_mapping
from lean_core.debt.exchange.merge import Merged
from lean_core.debt.exchange.plan import Changed, Plan, plan_import
from lean_core.debt.exchange.read import read_table
from lean_core.debt.exchange.rows import Refused, Row, Table

__all__ = [
    "Changed",
    "Draft",
    "Merged",
    "Plan",
    "Refused",
    "Row",
    "Table",
    "guess_mapping",
    "is_record",
    "plan_import",
    "read_adr_folder",
    "read_table",
    "to_csv",
    "to_json",
    "to_markdown",
]
