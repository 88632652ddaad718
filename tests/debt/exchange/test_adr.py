"""Decision records: an accepted one that names a shortcut is a shortcut."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.exchange import Draft, Plan, guess_mapping, plan_import, read_adr_folder
from lean_core.errors import DebtRefused

NYGARD = """# 3. Run the job with cron

Date: 2026-02-01

## Status

Accepted

## Context

There is one machine.

## Decision

We run it with cron **for now**.

## Consequences

A missed run stays unnoticed.
"""
MADR = """---
status: "accepted"
date: 2026-03-01
deciders: ana
---
# Use the free tier

## Context and Problem Statement

Money is short.

## Decision Outcome

The free tier, as a workaround.
"""


def bring_in(**files: str) -> Plan:
    table = read_adr_folder({f"docs/adr/{name.strip('_')}.md".replace("_", "-"): text for name, text in files.items()})
    assert table.kind == "adr"
    return plan_import(table, guess_mapping(table), [])


def only(plan: Plan) -> Draft:
    (draft,) = plan.new
    return draft


def test_an_accepted_record_that_names_a_shortcut_becomes_an_item():
    draft = only(bring_in(_0003_cron=NYGARD))
    assert draft.id == "ADR-0003"
    assert dict(draft.fields) == {
        "title": "Run the job with cron",
        "instead": "We run it with cron for now.\nBackground: There is one machine.",
        "consequence": "A missed run stays unnoticed.",
        "status": "open",
        "decision": "docs/adr/0003-cron.md",
    }


def test_front_matter_is_read():
    draft = only(bring_in(_0012_free=MADR))
    assert (draft.id, draft.fields["created"], draft.fields["owner"]) == ("ADR-0012", dt.date(2026, 3, 1), "ana")
    assert draft.fields["instead"] == "The free tier, as a workaround.\nBackground: Money is short."


def test_a_status_in_a_list_or_a_bold_label_is_read():
    for status in ("* Status: accepted", "**Status:** Accepted on 2026-03-01"):
        text = f"# A hack\n\n{status}\n\n## Decision\n\nCopy it by hand.\n"
        assert only(bring_in(_0001_hack=text)).fields["status"] == "open"


@pytest.mark.parametrize(
    "status", ["Superseded by [ADR-0007](0007-x.md)", "Deprecated", "Ersetzt durch 7", "Remplacée"]
)
def test_a_record_that_is_over_becomes_a_dropped_item_with_the_reason(status: str):
    draft = only(bring_in(_0003_cron=NYGARD.replace("Accepted", status)))
    assert draft.fields["status"] == "dropped"
    assert str(draft.fields["reason"]).startswith(f"the decision is over: {status.split(' ', maxsplit=1)[0]}")


def test_other_records_are_counted_and_not_taken():
    plan = bring_in(
        _0001_sound="# Use PostgreSQL\n\n## Status\n\nAccepted\n\n## Decision\n\nPostgreSQL.\n",
        _0002_idea=NYGARD.replace("Accepted", "Proposed"),
        _0003_cron=NYGARD,
    )
    assert [draft.id for draft in plan.new] == ["ADR-0003"]
    assert plan.notes == (
        "1 of 3 decision records name no shortcut.",
        "1 name one, but were not accepted, so they were passed over.",
    )


def test_a_folder_without_records_is_refused():
    with pytest.raises(DebtRefused, match=r"^there is no decision record here"):
        read_adr_folder({"docs/adr/README.md": "# Decisions"})


def test_a_record_with_broken_front_matter_is_read_without_it():
    draft = only(bring_in(_0003_cron=f"---\na: [\n---\n{NYGARD}"))
    assert draft.line == 4
