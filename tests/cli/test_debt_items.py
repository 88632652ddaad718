from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.checkpoint_workspace import ITEM


@pytest.fixture
def folder(make_workspace, clock) -> Path:
    return make_workspace()


@pytest.fixture
def debt(call, folder: Path):
    """Return a function that runs `lean-mlops debt` in a workspace."""

    def run(*arguments: str):
        return call("debt", *arguments, cwd=folder)

    return run


def listed(done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ids(done) -> list[str]:
    return [item["id"] for item in listed(done)]


def add(debt, *arguments: str) -> None:
    done = debt("add", *arguments, "--by", "ana")
    assert done.returncode == 0, done.stderr


def test_an_item_is_logged_with_what_is_known_and_the_rest_is_told(debt):
    done = debt("add", "No backups", "--severity", "high", "--by", "ana")
    assert (done.returncode, done.stdout) == (0, "D-1: No backups\n")
    assert done.stderr.splitlines() == [
        "missing: Nobody owns it.",
        "missing: What kind of risk it is was not said.",
        "missing: What happens when it strikes was not said.",
        "missing: Nothing says when to repay it.",
        "missing: Nobody senior looked at it, and its severity is high.",
    ]


def test_every_field_has_an_option(debt):
    fields = {
        "instead": "no policy",
        "area": "serving",
        "owner": "ana",
        "risk": "data leak",
        "severity": "high",
        "consequence": "customers leave",
        "trigger": "date >= 2027-01-01",
        "watch": "an audit",
        "control": "it is empty",
        "location": "infra/s3.tf:4",
        "decision": "https://wiki.example/7",
        "reviewer": "bo",
        "effort-days": "1.5",
    }
    options = [text for name, value in fields.items() for text in (f"--{name}", value)]
    options += ["--blocks", "compliance", "--blocks", "customer", "--ai-assisted", "--no-valuable-data"]
    done = debt("add", "Public bucket", *options, "--by", "ana", "--json")
    item = json.loads(done.stdout)
    said = {name.replace("-", "_"): value for name, value in fields.items()}
    assert {name: str(item[name]) for name in said} == said
    assert (item["blocks"], item["ai_assisted"], item["valuable_data"]) == (["customer", "compliance"], True, False)
    assert (item["id"], item["created"], item["status"], item["revision"]) == ("D-1", "2026-11-23", "open", 1)
    assert (item["needs_reviewer"], item["gaps"]) == (True, [])


def test_a_trigger_that_is_written_says_what_it_comes_to(debt):
    done = debt("add", "No backups", "--trigger", "date >= 2026-01-01", "--by", "ana")
    assert "trigger: fired: today is 2026-11-23" in done.stderr
    mistyped = debt("edit", "D-1", "--trigger", "debt.opn > 3", "--by", "ana")
    assert mistyped.returncode == 0
    assert "trigger: cannot evaluate: " in mistyped.stderr
    assert "debt.open" in mistyped.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", ""), "The title is empty"),
        (("add", "x", "--severity", "awful"), "'awful' is not one of"),
        (("add", "x", "--effort-days", "soon"), "effort_days must be a number of days"),
        (("add", "x", "--trigger", "live_models >"), "The trigger, column 14"),
        (("add", "x", "--location", "javascript:alert(1)"), "The location must be a path"),
        (("add", "x", "--instead", "the key is AKIAIOSFODNN7EXAMPLE"), "looks like a credential"),
        (("edit", "D-9", "--owner", "bo"), "there is no item 'D-9' in the debt log"),
        (("show", "D-9"), "there is no item 'D-9' in the debt log"),
        (("close", "D-1"), "Missing option '--reason'"),
        (("frobnicate",), "No such command 'frobnicate'"),
    ],
)
def test_what_makes_no_sense_is_code_2_and_is_not_kept(debt, arguments, said: str):
    done = debt(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "AKIA" not in done.stderr
    assert ids(debt("list", "--all", "--json")) == []


# The list


@pytest.fixture
def log(debt) -> None:
    add(debt, "Deployed by hand", "--owner", "ana", "--severity", "low", "--risk", "cost", "--blocks", "migration")
    add(debt, "Key in a wiki", "--owner", "bo", "--risk", "security")
    add(debt, "No tests", "--severity", "high", "--trigger", "date >= 2026-01-01")
    add(debt, "Old idea")
    assert debt("close", "D-4", "--dropped", "--reason", "nobody uses it", "--by", "ana").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], ["D-2", "D-3", "D-1"]),
        (["--all"], ["D-2", "D-3", "D-1", "D-4"]),
        (["--owner", "ana"], ["D-1"]),
        (["--owner", "ana", "--owner", "bo"], ["D-2", "D-1"]),
        (["--owner", ""], ["D-3"]),
        (["--status", "dropped"], ["D-4"]),
        (["--risk", "security"], ["D-2"]),
        (["--severity", "high"], ["D-3"]),
        (["--blocks", "migration"], ["D-1"]),
        (["--severity", "high", "--owner", "bo"], []),
        (["--fired"], ["D-3"]),
    ],
)
def test_the_list_is_sorted_and_filtered(debt, log, arguments: list[str], found: list[str]):
    assert ids(debt("list", "--json", *arguments)) == found


def test_the_table_says_unknown_where_nobody_said_it(debt, log):
    head, first, *_ = debt("list").stdout.splitlines()
    assert head.split()[:5] == ["id", "severity", "risk", "status", "owner"]
    assert first.split() == ["D-2", "unknown", "security", "open", "bo", "Key", "in", "a", "wiki", "nothing", "says"]


def test_the_list_says_what_it_leaves_out(debt, log):
    assert debt("list").stderr == "3 of 4 shortcuts; --all shows those that are over, too\n"
    assert debt("list", "--all").stderr == ""
    assert debt("list", "--risk", "lock-in").stderr == "none of 4 shortcuts matches\n"


def test_the_list_tells_what_a_trigger_fired_on(debt, log):
    assert "fired: D-3: today is 2026-11-23" in debt("list", "--fired").stderr


def test_an_empty_log_says_what_to_do(debt):
    done = debt("list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "the log is empty; `lean-mlops debt add TITLE`" in done.stderr


# Changes


def test_an_edit_changes_what_is_named_and_nothing_else(debt):
    add(debt, *ITEM)
    done = debt("edit", "d-1", "--owner", "bo", "--clear", "trigger", "--watch", "the move", "--by", "bo")
    assert (done.returncode, done.stdout) == (0, "D-1 is saved, revision 2: Deployed from a laptop\n")
    (item,) = listed(debt("list", "--json"))
    assert (item["owner"], item["trigger"], item["watch"]) == ("bo", "", "the move")
    assert (item["severity"], item["blocks"]) == ("medium", ["migration", "customer", "compliance"])


def test_an_edit_of_a_field_that_somebody_changed_is_a_conflict_with_both_values(debt):
    add(debt, *ITEM)
    debt("edit", "D-1", "--severity", "high", "--by", "bo")
    done = debt("edit", "D-1", "--severity", "low", "--owner", "cy", "--seen", "1", "--by", "ana")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[:3] == [
        "conflict: bo changed the severity of D-1 on 2026-11-23 12:00 UTC",
        "  theirs: high",
        "  yours: low",
    ]
    (item,) = listed(debt("list", "--json"))
    assert (item["severity"], item["owner"], item["revision"]) == ("high", "ana", 2)
    told = json.loads(debt("edit", "D-1", "--severity", "low", "--seen", "1", "--json").stdout)
    assert [(each["field"], each["mine"], each["theirs"]) for each in told["conflicts"]] == [
        ("severity", "low", "high")
    ]


def test_edits_of_different_fields_go_together(debt):
    add(debt, *ITEM)
    debt("edit", "D-1", "--severity", "high", "--by", "bo")
    assert debt("edit", "D-1", "--owner", "cy", "--seen", "1", "--by", "ana").returncode == 0
    (item,) = listed(debt("list", "--json"))
    assert (item["severity"], item["owner"]) == ("high", "cy")


def test_an_edit_that_changes_nothing_says_so(debt):
    add(debt, *ITEM)
    done = debt("edit", "D-1", "--owner", "ana")
    assert (done.returncode, done.stderr) == (0, "nothing changed: the log says so already\n")


def test_an_edit_of_nothing_says_what_is_missing(debt):
    add(debt, "No backups", "--owner", "ana")
    done = debt("edit", "D-1")
    assert done.returncode == 2
    assert "name what changes of D-1, such as --owner NAME." in done.stderr
    assert "How bad it is was not said. (--severity)" in done.stderr
    assert "takes the name of a field" in debt("edit", "D-1", "--clear", "colour").stderr


def test_a_security_hole_is_not_accepted_without_a_reviewer_and_a_date(debt):
    add(debt, "Key in a wiki", "--risk", "security")
    done = debt("edit", "D-1", "--status", "accepted", "--reason", "soon")
    assert done.returncode == 2
    assert "accepted_until is empty" in done.stderr
    assert "can't be accepted without a reviewer" in done.stderr
    agreed = ("--status", "accepted", "--reason", "soon", "--accepted-until", "2026-12-24", "--reviewer", "bo")
    assert debt("edit", "D-1", *agreed).returncode == 0


def test_a_closed_item_stays_with_its_reason(debt):
    add(debt, *ITEM)
    add(debt, "No backups")
    assert debt("close", "D-1", "--reason", "the CI deploys now").returncode == 0
    assert debt("close", "D-2", "--reason", "the data is gone", "--dropped").returncode == 0
    items = listed(debt("list", "--all", "--json"))
    assert {item["id"]: (item["status"], item["reason"]) for item in items} == {
        "D-1": ("repaid", "the CI deploys now"),
        "D-2": ("dropped", "the data is gone"),
    }


def test_an_item_is_shown_with_its_gaps_and_its_history(debt):
    add(debt, "No backups", "--instead", "a copy\non a laptop", "--trigger", "date >= 2026-01-01")
    debt("edit", "D-1", "--owner", "bo", "--by", "bo")
    told = debt("show", "D-1").stdout.splitlines()
    assert told[0] == "D-1: No backups"
    assert "  instead         a copy" in told
    assert "                  on a laptop" in told
    assert "  owner           bo" in told
    assert "  missing         How bad it is was not said." in told
    at = told.index("trigger")
    assert told[at + 1].startswith("  2026-11-23 12:00  fired: today is 2026-11-23")
    assert [line.split(maxsplit=3)[3] for line in told[told.index("history") + 1 :]] == [
        "bo set the owner to bo",
        "ana logged “No backups”",
    ]


def test_json_shows_all_of_an_item(debt):
    add(debt, *ITEM)
    debt("edit", "D-1", "--accepted-until", "2026-12-24", "--by", "bo")
    item = json.loads(debt("show", "D-1", "--json").stdout)
    assert item["history"][0]["fields"] == {"accepted_until": {"before": None, "after": "2026-12-24"}}
    assert item["trigger_history"][0]["state"] == "cannot evaluate"


def test_a_change_is_taken_back(debt):
    add(debt, *ITEM)
    debt("edit", "D-1", "--severity", "low", "--by", "bo")
    entry = json.loads(debt("show", "D-1", "--json").stdout)["history"][0]["entry"]
    assert debt("revert", "D-1", str(entry), "--by", "ana").returncode == 0
    (item,) = listed(debt("list", "--json"))
    assert (item["severity"], item["revision"]) == ("medium", 3)
    assert debt("revert", "D-1", "999").returncode == 2


def test_a_change_that_was_changed_again_is_not_taken_back(debt):
    add(debt, *ITEM)
    debt("edit", "D-1", "--severity", "low", "--by", "bo")
    debt("edit", "D-1", "--severity", "high", "--by", "cy")
    entry = json.loads(debt("show", "D-1", "--json").stdout)["history"][1]["entry"]
    done = debt("revert", "D-1", str(entry), "--by", "ana")
    assert done.returncode == 1
    assert "conflict: cy changed the severity of D-1" in done.stderr


def test_a_review_is_kept_and_tells_what_is_missing(debt):
    add(debt, *ITEM)
    add(debt, "No backups", "--owner", "ana", "--risk", "cost", "--severity", "low", "--consequence", "loss")
    done = debt("review", "--note", "all of it", "--by", "ana")
    assert (done.returncode, done.stdout) == (0, "ana reviewed the debt log: 2 open shortcuts.\n")
    assert done.stderr == "missing: D-2: Nothing says when to repay it.\n"
    told = json.loads(debt("review", "--by", "bo", "--json").stdout)
    assert told == {"reviewed_at": "2026-11-23T12:00:00.000Z", "reviewed_by": "bo", "note": "", "open_items": 2}
