"""The log as a file: nothing in it is live, and each form is read back exactly as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lean_core.debt.exchange import guess_mapping, plan_import, read_table, to_csv, to_json, to_markdown
from lean_core.debt.exchange.draft import Draft, draft_own
from lean_core.debt.fields import TEXTS
from lean_core.debt.item import BLOCKED, RISKS, SEVERITIES, STATUSES, Item

NOW = dt.datetime(2026, 11, 23, 12)
HOSTILE = (
    "|", "\\|", "\\", "`", "``", "\n", "\r\n", "\r", "\t", " ", "  ", "<br>", "<!-- -->", "<img src=x>", "<script>",
    "![a](http://example.org/a.png)", "[b]: http://example.org", "# ", "## D-1: x", "---", "***", "__x__",
    "~~y~~", "&lt;",
    "&amp;lt;", "&#124;", "$x$", "=1+1", "'=1", "@a", "+", "-", "\x0b", "\x1c", "\u2028", "\xa0", "\ufeff",
    "\u202e", "ß", "🔴",
    "http://example.org/a_b", ":", "sep=;", '"', ",", ";", "yes", "none", "D-1: ",
)  # fmt: skip
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # neither can be in a file as it is
texts = st.lists(st.sampled_from(HOSTILE) | st.text(characters, max_size=8), max_size=5).map("".join)
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))
items = st.builds(
    Item,
    id=texts.filter(str.strip),
    title=texts.filter(str.strip),
    **dict.fromkeys(sorted(TEXTS - {"title"}), texts),
    risk=st.none() | st.sampled_from(RISKS),
    severity=st.none() | st.sampled_from(SEVERITIES),
    blocks=st.lists(st.sampled_from(BLOCKED), unique=True).map(tuple),
    ai_assisted=st.none() | st.booleans(),
    valuable_data=st.none() | st.booleans(),
    effort_days=st.none() | st.floats(0, 10_000),
    created=days,
    status=st.sampled_from(STATUSES),
    accepted_until=st.none() | days,
    revision=st.integers(1, 10_000),
    updated_at=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)),
    updated_by=texts,
)


def read_back(name: str, text: str, *, of: Item) -> Item:
    table = read_table(name, text)
    assert (table.kind, len(table.rows)) == ("workbench", 1)
    draft = draft_own(table.rows[0], guess_mapping(table))
    assert isinstance(draft, Draft)
    assert draft.problems == ()
    return Item(
        id=draft.id, **draft.fields, revision=draft.revision, updated_at=of.updated_at, updated_by=of.updated_by
    )


@given(items)
def test_markdown_is_read_back_exactly(item: Item):
    assert read_back("debt.md", to_markdown([item]), of=item) == item


@given(items)
def test_csv_is_read_back_exactly(item: Item):
    assert read_back("debt.csv", to_csv([item]), of=item) == item


@given(items)
def test_json_is_read_back_exactly(item: Item):
    assert read_back("debt.json", to_json([item]), of=item) == item


@given(items)
def test_no_text_of_a_person_is_live_in_markdown(item: Item):
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(to_markdown([item]))
    for live in ("<img", "<a ", "<em>", "<strong>", "<code>", "<s>", "<script", "<hr", "<blockquote"):
        assert live not in html


@given(items)
def test_no_cell_of_a_csv_begins_like_a_formula(item: Item):
    for cells in csv.reader(io.StringIO(to_csv([item]), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@settings(max_examples=30)
@given(st.lists(items, max_size=4, unique_by=lambda item: item.id.casefold()))
def test_as_many_items_come_back_as_went_out(log: list[Item]):
    for name, text in (("debt.md", to_markdown(log)), ("debt.json", to_json(log))):
        if log:
            assert {row.values.get("id", row.values.get("ID")) for row in read_table(name, text).rows} == {
                item.id for item in log
            }


def an_item(**fields) -> Item:
    known = {"id": "D-1", "title": "No tests", "created": NOW.date(), "updated_at": NOW, "updated_by": "ana"}
    return Item(**{**known, **fields})


def test_an_import_of_the_log_into_itself_changes_nothing():
    log = [
        an_item(owner="ana", trigger="live_models >= 2"),
        an_item(id="D-2", title="Key | in image", status="repaid", reason="taken out"),
    ]
    for name, text in (("debt.md", to_markdown(log)), ("debt.csv", to_csv(log)), ("debt.json", to_json(log))):
        table = read_table(name, text)
        plan = plan_import(table, guess_mapping(table), log)
        assert (len(plan.same), plan.new, plan.changed, plan.refused) == (2, (), (), ())


def test_a_trigger_over_a_fact_that_nobody_knows_stays_a_trigger():
    table = read_table("debt.md", to_markdown([an_item(trigger="moon_phase = 3")]))
    (draft,) = plan_import(table, guess_mapping(table), []).new
    assert (draft.fields["trigger"], draft.fields["watch"]) == ("moon_phase = 3", "")


def test_an_edited_trigger_that_is_no_expression_is_watched_and_said():
    table = read_table("debt.md", to_markdown([an_item(trigger="moon_phase = 3")]).replace("= 3 |", "is full |"))
    (draft,) = plan_import(table, guess_mapping(table), []).new
    assert (draft.fields["trigger"], draft.fields["watch"]) == ("", "moon_phase is full")
    assert [problem.field for problem in draft.problems] == ["trigger"]


def test_a_field_emptied_in_the_file_is_emptied_in_the_log():
    item = an_item(owner="ana")
    edited = to_markdown([item]).replace("| Owner | ana |\n", "")
    table = read_table("debt.md", edited)
    (changed,) = plan_import(table, guess_mapping(table), [item]).changed
    assert dict(changed.changes) == {"owner": ""}


def test_the_title_is_edited_in_the_heading():
    edited = to_markdown([an_item()]).replace("### D-1: No tests", "### D-1: Few tests")
    table = read_table("debt.md", edited)
    (changed,) = plan_import(table, guess_mapping(table), [an_item()]).changed
    assert dict(changed.changes) == {"title": "Few tests"}


def test_the_markdown_reads_well():
    log = [
        an_item(severity="high", risk="security", owner="ana", trigger="credits.days_left < 60", blocks=("customer",)),
        an_item(id="D-2", title="One big file", status="repaid", reason="split in March"),
    ]
    assert (
        to_markdown(log)
        == """\
<!-- lean-mlops debt log, version 1 -->

# Debt log

1 item open, 1 item over.

## Open

| ID | Title | Severity | Risk | Owner | Status | Repay when |
| --- | --- | --- | --- | --- | --- | --- |
| D-1 | No tests | high | security | ana | open | credits.days_left &lt; 60 |

## Over

| ID | Title | Severity | Risk | Owner | Status | Repay when |
| --- | --- | --- | --- | --- | --- | --- |
| D-2 | One big file |  |  |  | repaid |  |

### D-1: No tests

| Field | |
| --- | --- |
| ID | D-1 |
| Status | open |
| Severity | high |
| Risk | security |
| Owner | ana |
| Repay when | credits.days_left &lt; 60 |
| Blocks | customer |
| Created | 2026-11-23 |
| Revision | 1 |
| Last changed | 2026-11-23T12:00:00 |
| Changed by | ana |

### D-2: One big file

| Field | |
| --- | --- |
| ID | D-2 |
| Status | repaid |
| Severity |  |
| Risk |  |
| Owner |  |
| Repay when |  |
| Reason | split in March |
| Created | 2026-11-23 |
| Revision | 1 |
| Last changed | 2026-11-23T12:00:00 |
| Changed by | ana |
"""
    )
