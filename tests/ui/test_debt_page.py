"""The page *Debt log*, through all that it changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.debt import Edit, Item
from lean_core.workbench import Workbench
from pages._ui import debt_form, keys
from tests.releases.builders import on
from tests.ui.conftest import OpenApp

HOSTILE = "a **bold** ![x](http://example.com/x.png) title"


@pytest.fixture
def folder(make_workspace, clock) -> Path:
    clock.time = on(10)
    return make_workspace('[registry]\nuri = "registry"\n')


@pytest.fixture
def bench(folder: Path) -> Workbench:
    (folder / "registry").mkdir()
    return Workbench.open(folder)


def add(bench: Workbench, title: str = "Deployed by hand", **fields: object) -> Item:
    return bench.add_debt({"title": title, "owner": "ana", "severity": "medium", **fields}, actor="ana")


def texts(app: AppTest) -> str:
    drawn = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.subheader)
    return "\n".join(each.value for each in drawn)


def edit(app: AppTest, **cells: object) -> AppTest:
    """Type into the first row of the grid."""
    app.session_state["debt_grid-0"] = {"edited_rows": {0: cells}, "added_rows": [], "deleted_rows": []}
    return app


def click(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_an_empty_log_says_what_belongs_in_it(bench: Workbench, open_app: OpenApp):
    app = open_app(bench.folder, "debt")
    assert not app.exception
    assert "The log is empty" in texts(app)


def test_what_is_not_over_is_listed_with_what_it_lacks(bench: Workbench, open_app: OpenApp):
    add(bench, HOSTILE)
    add(bench, "Old", status="repaid", reason="done")
    app = open_app(bench.folder, "debt")
    assert not app.exception
    assert "1 of 2 items" in texts(app)
    assert "![x]" not in texts(app)


def test_an_item_is_logged_in_the_dialog(bench: Workbench, open_app: OpenApp):
    app = click(open_app(bench.folder, "debt"), "add-debt")
    app.text_input(key=debt_form.key("title")).set_value("No retries")
    app.text_input(key=debt_form.key("trigger")).set_value("live_models >= 2")
    app.selectbox(key=debt_form.key("severity")).set_value("high")
    click(app, "log-debt")
    assert not app.exception
    (item,) = bench.debt_items()
    assert (item.title, item.trigger, item.severity, item.status) == ("No retries", "live_models >= 2", "high", "open")


def test_what_is_wrong_with_a_new_item_is_said_and_what_was_typed_stays(bench: Workbench, open_app: OpenApp):
    app = click(open_app(bench.folder, "debt"), "add-debt")
    app.text_input(key=debt_form.key("title")).set_value("Key AKIAIOSFODNN7EXAMPLE is in the code")
    click(app, "log-debt")
    assert bench.debt_items() == []
    assert "credential" in texts(app)
    assert app.text_input(key=debt_form.key("title")).value.startswith("Key ")


def test_a_link_opens_the_dialog(bench: Workbench, open_app: OpenApp):
    app = open_app(bench.folder, "debt", add="1")
    assert app.text_input(key=debt_form.key("title")).value == ""


def test_a_trigger_says_what_it_comes_to_while_it_is_typed(bench: Workbench, open_app: OpenApp):
    app = click(open_app(bench.folder, "debt"), "add-debt")
    app.text_input(key=debt_form.key("trigger")).set_value("live_models < 2").run()
    assert "It would fire now" in texts(app)
    app.text_input(key=debt_form.key("trigger")).set_value("live_modles < 2").run()
    assert "did you mean live\\_models" in texts(app)


def test_the_grid_saves_what_was_typed(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    app = open_app(bench.folder, "debt")
    edit(app, Owner="ben", Severity="high", Blocks=["customer"], Until=None)
    click(app, "save-debt")
    assert not app.exception
    found = bench.debt_item(item.id)
    assert found
    assert (found.owner, found.severity, found.blocks, found.revision) == ("ben", "high", ("customer",), 2)


def test_what_is_refused_stays_in_the_grid(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    app = open_app(bench.folder, "debt")
    edit(app, Status="accepted")
    click(app, "save-debt")
    assert "accepted\\_until is empty" in texts(app)
    assert bench.debt_item(item.id) == item
    assert app.session_state["debt_grid-0"]["edited_rows"] == {0: {"Status": "accepted"}}


def test_two_who_change_different_fields_both_keep_theirs(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    app = open_app(bench.folder, "debt")
    bench.edit_debt([Edit(id=item.id, seen=1, changes={"owner": "eve"})], actor="eve")
    edit(app, Severity="high")
    click(app, "save-debt")
    found = bench.debt_item(item.id)
    assert found
    assert (found.owner, found.severity) == ("eve", "high")


@pytest.mark.parametrize(("choice", "owner"), [("Mine", "ben"), ("Theirs", "eve")])
def test_two_who_change_the_same_field_are_asked_and_nothing_else_is_lost(
    bench: Workbench, open_app: OpenApp, choice: str, owner: str
):
    item = add(bench)
    app = open_app(bench.folder, "debt")
    bench.edit_debt([Edit(id=item.id, seen=1, changes={"owner": "eve"})], actor="eve")
    edit(app, Owner="ben", Severity="high")
    click(app, "save-debt")
    assert "nothing of yours was saved yet" in texts(app)
    assert bench.debt_item(item.id).owner == "eve"
    app.radio(key=f"{keys.DEBT_CONFLICTS}-{item.id}-owner").set_value(choice).run()
    click(app, "save-chosen")
    found = bench.debt_item(item.id)
    assert (found.owner, found.severity) == (owner, "high")
    assert "nothing of yours was saved yet" not in texts(app)


def test_my_changes_can_be_dropped(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    app = open_app(bench.folder, "debt")
    bench.edit_debt([Edit(id=item.id, seen=1, changes={"owner": "eve"})], actor="eve")
    edit(app, Owner="ben")
    click(click(app, "save-debt"), "drop-mine")
    assert bench.debt_item(item.id).owner == "eve"
    assert "nothing of yours was saved yet" not in texts(app)


def test_many_are_changed_at_once(bench: Workbench, open_app: OpenApp):
    items = [add(bench, f"Shortcut {number}") for number in range(3)]
    app = open_app(bench.folder, "debt")
    names = app.multiselect(key=f"{keys.SAID}-bulk-items").options
    app.multiselect(key=f"{keys.SAID}-bulk-items").set_value(names[:2])
    app.text_input(key=f"{keys.SAID}-bulk-value-owner").set_value("zoe").run()
    click(app, "bulk-debt")
    assert sorted(item.owner for item in bench.debt_items()) == ["ana", "zoe", "zoe"]
    assert len(items) == 3


def test_an_item_is_changed_on_its_own_address_and_its_history_told(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    app = open_app(bench.folder, "debt", item=item.id)
    app.text_input(key=debt_form.key("owner")).set_value("ben")
    click(app, "save-item")
    assert not app.exception
    assert bench.debt_item(item.id).owner == "ben"
    assert "changed the owner from ana to ben" in texts(app)


def test_a_change_is_taken_back(bench: Workbench, open_app: OpenApp):
    item = add(bench)
    bench.edit_debt([Edit(id=item.id, seen=1, changes={"owner": "eve"})], actor="eve")
    newest, _ = bench.debt_history(item.id)
    app = open_app(bench.folder, "debt", item=item.id)
    click(app, f"revert-{newest.entry}")
    assert bench.debt_item(item.id).owner == "ana"


def test_an_address_of_no_item_says_so(bench: Workbench, open_app: OpenApp):
    app = open_app(bench.folder, "debt", item="D-99")
    assert "There is no item `D-99`" in texts(app)


def test_a_fired_trigger_stands_on_top_and_can_be_snoozed(bench: Workbench, open_app: OpenApp):
    item = add(bench, trigger="date >= 2026-01-01")
    app = open_app(bench.folder, "debt")
    assert "fired" in texts(app)
    app.text_input(key=f"{keys.DEBT_REASON}-{item.id}").set_value("after the launch")
    app.date_input(key=f"{keys.DEBT_UNTIL}-{item.id}").set_value(dt.date(2026, 4, 1))
    next(each for each in app.button if each.label == "Snooze").click().run()
    assert not app.exception
    assert [state.state for state in bench.debt_triggers()] == ["snoozed"]
    click(app, f"wake-{item.id}")
    assert [state.state for state in bench.debt_triggers()] == ["fired"]


def test_a_review_is_kept(bench: Workbench, open_app: OpenApp):
    add(bench)
    app = open_app(bench.folder, "debt")
    app.text_input(key=f"{keys.SAID}-review").set_value("nothing new")
    next(each for each in app.button if each.label == "I went through all of it").click().run()
    review = bench.debt_review()
    assert review
    assert review.note == "nothing new"


@pytest.mark.parametrize("section", ["Board", "Risks"])
def test_the_other_views_show_every_item(bench: Workbench, open_app: OpenApp, section: str):
    add(bench, risk="security", reviewer="eve")
    add(bench, "Unrated", severity=None)
    app = open_app(bench.folder, "debt", section=section)
    assert not app.exception
