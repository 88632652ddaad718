"""Two people at one item: nothing of either is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from lean_core.debt import Edit
from lean_core.errors import DebtRefused
from tests.debt.builders import a_log, some_fields

WRITE = """
import json, sys
from pathlib import Path
from lean_core.debt import Edit
from lean_core.workbench.debt import DebtBench
log, me, count = DebtBench.open(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    log.add_debt({"title": f"{me} {number}"}, actor=me)
outcome = log.edit_debt([Edit(id="D-1", seen=1, changes={me: f"by {me}", "control": f"by {me}"})], actor=me)
alone = log.edit_debt([Edit(id="D-1", seen=1, changes={me: f"by {me}"})], actor=me)
print(json.dumps([len(outcome.saved), [each.field for each in outcome.conflicts], len(alone.conflicts)]))
"""


@pytest.fixture
def log(tmp_path, clock):
    bench = a_log(tmp_path / "workspace")
    bench.add_debt(some_fields(), actor="ana")
    return bench


def edit(log, actor, *, seen=1, **changes):
    return log.edit_debt([Edit(id="D-1", seen=seen, changes=changes)], actor=actor)


def test_changes_of_different_fields_both_stay(log):
    edit(log, "ana", severity="high")
    (saved,) = edit(log, "ben", owner="ben").saved
    assert (saved.severity, saved.owner, saved.revision) == ("high", "ben", 3)


def test_the_same_field_changed_to_different_things_is_a_conflict_and_nothing_is_saved(log, clock):
    edit(log, "ana", severity="high")
    when = clock.time
    clock.advance(minutes=1)
    edit(log, "cy", area="serving")
    outcome = edit(log, "ben", severity="low", owner="ben")
    assert outcome.saved == ()
    (conflict,) = outcome.conflicts
    assert (conflict.id, conflict.field, conflict.mine, conflict.theirs) == ("D-1", "severity", "low", "high")
    assert (conflict.by, conflict.at) == ("ana", when)
    assert (log.debt_item("D-1").severity, log.debt_item("D-1").owner) == ("high", "ana")


def test_the_same_change_by_two_is_none(log):
    edit(log, "ana", severity="high")
    outcome = edit(log, "ben", severity="high", owner="ben")
    assert outcome.conflicts == ()
    assert (outcome.saved[0].severity, outcome.saved[0].owner) == ("high", "ben")


def test_a_whole_form_sent_back_changes_only_what_its_writer_changed(log):
    seen = log.debt_item("D-1")
    edit(log, "ana", severity="high", owner="cy")
    form = {"title": seen.title, "severity": seen.severity, "owner": seen.owner, "area": "serving"}
    (saved,) = edit(log, "ben", **form).saved
    assert (saved.severity, saved.owner, saved.area) == ("high", "cy", "serving")


def test_what_was_changed_and_changed_back_is_no_conflict(log):
    edit(log, "ana", severity="high")
    edit(log, "ana", seen=2, severity="medium")
    assert edit(log, "ben", severity="low").saved[0].severity == "low"


def test_a_conflict_in_one_item_stops_the_others_of_the_same_change(log):
    log.add_debt(some_fields(), actor="ana")
    edit(log, "ana", severity="high")
    edits = [Edit(id=name, seen=1, changes={"severity": "low"}) for name in ("D-1", "D-2")]
    assert [each.id for each in log.edit_debt(edits, actor="ben").conflicts] == ["D-1"]
    assert log.debt_item("D-2").severity == "medium"


def test_mine_again_on_what_is_there_now_settles_a_conflict(log):
    edit(log, "ana", severity="high")
    assert edit(log, "ben", severity="low").conflicts
    assert edit(log, "ben", seen=2, severity="low").saved[0].severity == "low"


def test_ending_an_item_that_somebody_keeps_accepted_asks(log):
    edit(log, "ana", status="accepted", reason="few users", accepted_until="2027-01-01")
    assert [each.field for each in edit(log, "ben", status="repaid", reason="done").conflicts] == ["status", "reason"]


def test_what_two_changes_can_not_be_together_is_refused_with_who_changed_it(log):
    edit(log, "ana", seen=1, reviewer="cy")
    edit(log, "ana", seen=2, status="accepted", reason="few users", accepted_until="2027-01-01")
    edit(log, "ana", seen=3, risk="security")
    with pytest.raises(DebtRefused, match=r"^D-1, which ana changed meanwhile: A security hole can't be accepted"):
        edit(log, "ben", seen=2, reviewer="")


def test_threads_that_add_at_once_get_an_id_each(log):
    def add(number):
        for count in range(5):
            log.add_debt({"title": f"{number} {count}"}, actor=f"t{number}")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {item.id for item in log.debt_items()} == {f"D-{number}" for number in range(1, 22)}


def test_two_processes_on_one_file_lose_nothing_of_either(log):
    command = [sys.executable, "-c", WRITE, str(log.folder)]
    writers = [
        subprocess.Popen([*command, field, "8"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for field in ("owner", "area")
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [json.loads(writer.communicate(timeout=120)[0]) for writer in writers]
    assert sorted(told) == [[0, ["control"], 0], [1, [], 0]]
    items = {item.id: item for item in log.debt_items()}
    assert sorted(items) == sorted(f"D-{number}" for number in range(1, 18))
    assert len({item.title for item in items.values()}) == 17
    first = items["D-1"]
    assert (first.owner, first.area) == ("by owner", "by area")
    assert first.control in {"by owner", "by area"}
    assert len(log.debt_history("D-1")) == first.revision == 3
