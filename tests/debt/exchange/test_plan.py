"""What an import would do, before it does it."""

from __future__ import annotations

import datetime as dt

import pytest

from lean_core.debt.exchange import Draft, Plan, Row, Table, guess_mapping, plan_import, read_table, to_markdown
from lean_core.debt.item import Item
from lean_core.errors import DebtRefused

NOW = dt.datetime(2026, 11, 23, 12)


def an_item(**fields) -> Item:
    known = {"id": "D-1", "title": "No tests", "created": NOW.date(), "updated_at": NOW, "updated_by": "ana"}
    return Item(**{**known, **fields})


def a_table(*rows: dict[str, str]) -> Table:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    made = (Row(values=values, line=line, file="debt.csv") for line, values in enumerate(rows, start=2))
    return Table(kind="csv", columns=columns, rows=tuple(made))


def plan(*rows: dict[str, str], existing: tuple[Item, ...] = ()) -> Plan:
    table = a_table(*rows)
    return plan_import(table, guess_mapping(table), existing)


def draft(**cells: str) -> Draft:
    (made,) = plan({"Title": "No tests", **{name.replace("_", " "): cell for name, cell in cells.items()}}).new
    return made


@pytest.mark.parametrize(
    ("text", "severity"),
    [("P1", "high"), ("critical", "high"), ("Hoch", "high"), ("🔴 Kritisch", "high"), ("Sev-1", "high"),
     ("moderate", "medium"), ("[Medium]", "medium"), ("Moyenne", "medium"), ("media", "medium"),
     ("gering", "low"), ("🟢", "low"),
     ("Low (for now)", "low")],
)  # fmt: skip
def test_severities_of_other_vocabularies_are_mapped(text: str, severity: str):
    made = draft(Priority=text)
    assert made.fields["severity"] == severity
    assert made.problems == ()


@pytest.mark.parametrize(
    ("text", "status"),
    [("Done", "repaid"), ("closed", "repaid"), ("✅ Behoben", "repaid"), ("Résolue", "repaid"), ("[x]", "repaid"),
     ("to do", "open"), ("not fixed", "open"), ("In Progress", "planned"), ("won't fix", "dropped"),
     ("WONTFIX", "dropped"),
     ("Superseded by D-2", "dropped"), ("partially fixed", "planned"), ("zurückgestellt", "open")],
)  # fmt: skip
def test_statuses_of_other_vocabularies_are_mapped(text: str, status: str):
    made = draft(Status=text)
    assert made.fields["status"] == status
    assert made.problems == ()


def test_what_a_status_says_besides_becomes_the_reason():
    assert draft(Status="✅ Behoben: in einer eigenen Datei").fields["reason"] == "in einer eigenen Datei"
    assert draft(Status="Fixed — see #12").fields["reason"] == "see #12"


def test_a_dropped_item_without_a_reason_says_who_dropped_it():
    assert draft(Status="won't fix").fields["reason"] == "as debt.csv says"


@pytest.mark.parametrize(
    ("column", "text", "field"),
    [("Severity", "spicy", "severity"), ("Status", "it is not done", "status"), ("Effort", "M", "effort_days"),
     ("Created", "3/4/2026", "created"), ("Blocks", "the cat", "blocks"), ("AI-assisted", "perhaps", "ai_assisted")],
)  # fmt: skip
def test_what_can_not_be_mapped_is_shown_and_kept(column: str, text: str, field: str):
    (made,) = plan({"Title": "No tests", column: text}).new
    (problem,) = made.problems
    assert problem.field == field
    assert problem.sentence.startswith(f"“{text}” under {column} is not ")
    assert made.fields["instead"] == f"{column}: {text}"
    assert field not in made.fields


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", "2026-03-01"), ("01.03.2026", "2026-03-01"), ("March 1, 2026", "2026-03-01"),
     ("13/3/2026", "2026-03-13"), ("3/13/2026", "2026-03-13"), ("2026-03-01T10:00:00Z", "2026-03-01")],
)  # fmt: skip
def test_dates_that_can_not_be_mistaken_are_read(text: str, day: str):
    assert draft(Created=text).fields["created"] == dt.date.fromisoformat(day)


def test_a_trigger_that_is_no_expression_is_for_a_person_to_watch():
    assert draft(Resolves_when="live_models >= 2").fields["trigger"] == "live_models >= 2"
    made = draft(Resolves_when="the migration")
    assert made.fields["watch"] == "the migration"
    assert "trigger" not in made.fields


def test_a_single_word_is_not_taken_for_the_name_of_a_fact():
    assert draft(Resolves_when="migration").fields["watch"] == "migration"


def test_a_second_condition_is_kept_beside_the_first():
    made = draft(Resolves_when="live_models >= 2", Due="2027-01-01", Milestone="M3")
    assert made.fields["trigger"] == "live_models >= 2"
    assert made.fields["watch"] == "2027-01-01\nMilestone: M3"


def test_a_category_of_their_own_becomes_the_area():
    assert draft(Type="Security").fields["risk"] == "security"
    assert draft(Type="Frontend").fields["area"] == "Frontend"


def test_a_title_that_is_a_paragraph_is_cut_and_kept():
    text = "Everything is in one file. " + "It grew over the years, and nobody dares to touch it. " * 4
    (made,) = plan({"Description": text, "Severity": "low"}).new
    assert made.fields["title"] == "Everything is in one file."
    assert made.fields["instead"] == text.strip()


def test_what_was_accepted_without_a_date_is_open_and_says_so():
    made = draft(Status="Accepted")
    assert made.fields["status"] == "open"
    assert [problem.sentence for problem in made.problems] == [
        "It was accepted, which needs a day until when: it is open until somebody names it."
    ]


def test_security_that_was_accepted_without_a_reviewer_is_open_and_says_so():
    made = draft(Status="accepted", Accepted_until="2027-01-01", Type="security", Reason="it is small")
    assert made.fields["status"] == "open"
    assert [problem.field for problem in made.problems] == ["status"]


def test_a_row_without_a_title_is_refused():
    refused = plan({"Title": "-", "Severity": "low"}, {"Title": "No tests"}).refused
    assert [(each.line, each.reason) for each in refused] == [(2, "it has no title")]


def test_a_row_with_a_credential_is_refused_and_its_text_is_not_kept():
    key = "AKIA" + "IOSFODNN7REALKEY"
    table = read_table("debt.csv", f"Title,Notes\nNo tests,fine\nThe key is in the code,{key}\n")
    found = plan_import(table, guess_mapping(table), [])
    assert [each.fields["title"] for each in found.new] == ["No tests"]
    (refused,) = found.refused
    assert (refused.file, refused.line) == ("debt.csv", 3)
    assert "AWS" in refused.reason
    assert key not in repr((table, found))


def test_items_that_the_log_has_are_compared_by_id():
    has = an_item(id="TD-1", severity="low", owner="ana")
    found = plan({"ID": "td-1", "Title": "No tests", "Severity": "high", "Owner": "-"}, existing=(has,))
    (changed,) = found.changed
    assert dict(changed.changes) == {"severity": "high"}
    assert (changed.seen, found.new, found.same) == (1, (), ())


def test_a_file_imported_twice_is_the_same_even_without_ids():
    found = plan({"Title": "no  tests", "Severity": "low"}, existing=(an_item(severity="low", title="No tests"),))
    assert [made.fields["severity"] for made in found.same] == ["low"] or found.changed[0].changes == {
        "title": "no tests"
    }


def test_an_id_that_is_another_item_in_the_log_is_pointed_out():
    found = plan({"ID": "D-1", "Title": "Keys in the image"}, existing=(an_item(),))
    assert found.changed[0].draft.problems[0].sentence == (
        "D-1 of the log is “No tests”: is it the same? If not, give the row another ID."
    )


def test_a_file_of_the_workbench_rests_on_the_revision_that_it_names():
    table = read_table("debt.md", to_markdown([an_item(revision=3, owner="ana")]))
    now = an_item(revision=5, owner="ben")
    (changed,) = plan_import(table, guess_mapping(table), [now]).changed
    assert (changed.seen, dict(changed.changes)) == (3, {"owner": "ana"})


def test_columns_that_are_not_taken_are_told():
    found = plan({"Title": "No tests", "Story points": "5"})
    assert found.notes == ("Not taken, since no field is chosen for them: Story points.",)


def test_a_person_may_choose_another_field_for_a_column():
    table = a_table({"Title": "No tests", "Squad": "core"})
    (made,) = plan_import(table, {"Title": "title", "Squad": "owner"}, []).new
    assert made.fields["owner"] == "core"


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [({"Title": "title", "Nowhere": "owner"}, "There is no column “Nowhere” in the file."),
     ({"Title": "heading"}, "Column “Title” can't be put into “heading”: there is no such field."),
     ({"Title": None}, "No column holds the title: say which one does.")],
)  # fmt: skip
def test_a_mapping_that_can_not_be_is_refused(mapping: dict[str, str | None], sentence: str):
    with pytest.raises(DebtRefused, match=sentence):
        plan_import(a_table({"Title": "No tests"}), mapping, [])
