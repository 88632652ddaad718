"""Shapes in which people keep their shortcuts, as they were seen in real repositories; the texts are made up."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lean_core.debt.exchange import Draft, Plan, guess_mapping, plan_import, read_table
from lean_core.errors import DebtRefused


def bring_in(name: str, content: str | bytes) -> Plan:
    table = read_table(name, content)
    return plan_import(table, guess_mapping(table), [])


def only(plan: Plan) -> Draft:
    (draft,) = plan.new
    return draft


ID_TABLES = """# Debt

## Open

| ID | Title | Severity | Owner |
| --- | --- | --- | --- |
| TD-1 | No retries | **Critical** | ana |
| TD-2 | One big file | P3 | - |

## Resolved

| ID | Description | Resolved | PR |
| --- | --- | --- | --- |
| TD-1 | No retries | 2026-03-01 | #12 |
"""


def test_an_id_open_in_one_table_and_closed_in_another_is_one_item():
    plan = bring_in("DEBT.md", ID_TABLES)
    first, second = plan.new
    assert (first.id, first.fields["status"], first.fields["severity"], first.line) == ("TD-1", "repaid", "high", 7)
    assert (second.id, second.fields["severity"], second.fields["status"]) == ("TD-2", "low", "open")
    assert "owner" not in second.fields
    (merged,) = plan.merged
    assert merged.sentence == "TD-1 stands at lines 7 and 14, open and repaid: it is one item, repaid."


def test_headings_with_bold_labels_are_items():
    text = """# Ledger

### N1: A score that pretends to be a float (status: open)

**Where:** `models.py:208`

It came along with
the first version.

- **Severity:** medium
- **Resolves when:** date >= 2027-01-01
- **Owner**: ana

### N2: Machinery ahead of its data

**Resolves when:** the tables have rows.
"""
    first, second = bring_in("review.md", text).new
    assert first.id == "N1"
    assert first.fields["location"] == "models.py:208"
    assert first.fields["severity"] == "medium"
    assert first.fields["owner"] == "ana"
    assert first.fields["trigger"] == "date >= 2027-01-01"
    assert first.fields["instead"] == "It came along with\nthe first version."
    assert second.fields["watch"] == "the tables have rows."
    assert "trigger" not in second.fields


def test_points_below_a_label_are_a_part_of_what_it_says():
    text = """### TD-1: Calendar

- **Impact:** many tests fail
  - **Root:** mocks
  - time zones
- **Files:**
  - `a.py`
  - `b.py`

**Resolves when:**

1. the mocks are gone
2. somebody has time

It was a long week.
"""
    draft = only(bring_in("debt.md", text))
    assert draft.fields["consequence"] == "many tests fail\nRoot: mocks\ntime zones"
    assert draft.fields["location"] == "a.py; b.py"
    assert draft.fields["watch"] == "the mocks are gone\nsomebody has time"
    assert draft.fields["instead"] == "It was a long week."


def test_a_heading_with_a_table_of_two_columns_is_an_item():
    text = """# Debt

## DEBT-001: Keys in the image

| Field | Value |
| --- | --- |
| **Owner** | ben |
| Priority | high |
| Target date | 2027-03-01 |

### Impact

Anybody who pulls it<br>has them.
"""
    table = read_table("debt.md", text)
    assert table.kind == "attribute tables"
    draft = only(plan_import(table, guess_mapping(table), []))
    assert (draft.id, draft.fields["title"]) == ("DEBT-001", "Keys in the image")
    assert draft.fields["owner"] == "ben"
    assert draft.fields["trigger"] == "date >= 2027-03-01"
    assert draft.fields["consequence"] == "Anybody who pulls it\nhas them."


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            "ID | Schuld | Priorität | Aufwand | Wann fällig | Zuständig | Status",
            "T-1 | Alles in einer Datei | Hoch | 2 Tage | vor dem Umzug | Ana | in Arbeit",
        ),
        (
            "Réf | Dette | Gravité | Charge | Condition de déclenchement | Porteur | Statut",
            "T-1 | Alles in einer Datei | Élevée | 2 jours | vor dem Umzug | Ana | en cours",
        ),
        (
            "Clave | Deuda técnica | Prioridad | Esfuerzo | Fecha límite | Responsable | Estado",
            "T-1 | Alles in einer Datei | Alta | 16 horas | vor dem Umzug | Ana | en progreso",
        ),
    ],
    ids=["German", "French", "Spanish"],
)
def test_headers_and_words_of_other_languages_are_known(header: str, cells: str):
    draft = only(bring_in("debt.md", f"| {header} |\n|{' --- |' * 7}\n| {cells} |\n"))
    assert draft.id == "T-1"
    assert dict(draft.fields) == {
        "title": "Alles in einer Datei",
        "severity": "high",
        "effort_days": 2.0,
        "watch": "vor dem Umzug",
        "owner": "Ana",
        "status": "planned",
    }
    assert draft.problems == ()


def test_what_is_struck_through_is_done():
    text = "| # | Debt | Effort |\n|---|---|---|\n| ~~A-1~~ | ~~No tests~~ written since | 3 |\n| A-2 | No docs | 1 |\n"
    done, still = bring_in("debt.md", text).new
    assert (done.id, done.fields["title"], done.fields["status"]) == ("A-1", "No tests written since", "repaid")
    assert "status" not in still.fields


def test_the_heading_above_a_table_says_how_bad_and_whether_it_is_over():
    text = """# Register

## P0 — Blockers

### T-1: Nobody can log in

**Effort:** 15 minutes

## Done

### T-2: Slow start

**Effort:** 1-2 hours
"""
    first, second = bring_in("debt.md", text).new
    assert (first.fields["severity"], first.fields["effort_days"]) == ("high", 0.03)
    assert (second.fields["status"], second.fields["effort_days"]) == ("repaid", 0.25)


def test_a_phase_is_no_priority():
    text = "## P2 — Sessions\n\n| # | Debt | Owner |\n|---|---|---|\n| P2-1 | No paging | ana |\n"
    assert "severity" not in only(bring_in("debt.md", text)).fields


def test_tables_that_only_explain_are_passed_over():
    text = ID_TABLES + "\n## Legend\n\n| Severity | Meaning |\n| --- | --- |\n| High | Bad |\n"
    plan = bring_in("DEBT.md", text)
    assert [draft.id for draft in plan.new] == ["TD-1", "TD-2"]
    assert plan.notes == ("The table at line 18 is no list of shortcuts, so it was passed over.",)


def test_a_document_with_an_owner_of_its_own_is_no_item():
    text = "# Debt\n\n**Owner:** platform\n**Status:** living\n\n## TD-1: No tests\n\n**Severity:** low\n"
    assert only(bring_in("debt.md", text)).id == "TD-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_by_any_delimiter_and_encoding(delimiter: str, encoding: str):
    lines = [["Titel", "Schweregrad", "Notizen"], ["Schlüssel im Bild", "hoch", '"erste, Zeile;\nzweite | Zeile"']]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    draft = only(bring_in("schulden.csv", text.encode(encoding)))
    assert dict(draft.fields) == {
        "title": "Schlüssel im Bild",
        "severity": "high",
        "instead": "erste, Zeile;\nzweite | Zeile",
    }


def test_rows_after_a_cell_of_several_lines_still_have_their_line():
    text = 'Title,Notes\nOne,"a\nb\nc"\nTwo,d\n'
    assert [draft.line for draft in bring_in("debt.csv", text).new] == [2, 5]


def test_excels_own_line_about_the_delimiter_is_understood():
    assert only(bring_in("debt.csv", "sep=;\r\nTitle;Severity\r\nNo tests, at all;low\r\n")).line == 3


def test_the_apostrophe_before_a_formula_is_taken_off_and_others_stay():
    text = "Title,Notes\n'=1+1,'tis\n"
    draft = only(bring_in("debt.csv", text))
    assert (draft.fields["title"], draft.fields["instead"]) == ("=1+1", "'tis")


def test_json_of_another_tool_is_read_from_the_list_that_it_has():
    content = {
        "project": "x",
        "debts": [{"key": "A", "summary": "No tests", "priority": "P1", "files": ["a.py", "b.py"]}],
    }
    draft = only(bring_in("debt.json", json.dumps(content)))
    assert (draft.id, draft.fields["severity"], draft.fields["location"]) == ("A", "high", "a.py, b.py")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("debt.json", '{"a": ', r"^debt\.json, line 1, column 7: this is not JSON"),
        ("debt.md", "# Nothing\n\nJust prose.\n", r"^no shortcut was found in debt\.md"),
        ("debt.csv", "  \n", r"^debt\.csv is empty"),
        ("debt.xlsx", b"PK\x03\x04\0\0", r"^debt\.xlsx is no text: save it as CSV, Markdown or JSON"),
        ("debt.md", "x" * 10_000_001, r"^debt\.md is larger than 10 MB"),
        ("deep.json", "[" * 100_000, r"^deep\.json is nested too deeply"),
    ],
)
def test_what_can_not_be_read_is_refused_in_one_line(name: str, content: str | bytes, sentence: str):
    with pytest.raises(DebtRefused, match=sentence) as refusal:
        read_table(name, content)
    assert "\n" not in str(refusal.value)


def test_what_reads_markdown_is_imported_when_markdown_is_read():
    late = "{'markdown_it', 'lark', 'detect_secrets'}"
    code = f"import sys, lean_core.debt.exchange, lean_core.debt.scan; print(sorted({late} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
