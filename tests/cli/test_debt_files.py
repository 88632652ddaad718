from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.checkpoint_workspace import ITEM
from tests.repo import Repo

ROOT = Path(__file__).parents[2]
TABLE = """# Known debt

| ID | Shortcut | Priority | Status | Resolves when |
| --- | --- | --- | --- | --- |
| T-1 | Deployed by hand | High | open | a second builder joins |
| T-2 | No backups | low | open | |

## Done

| ID | Shortcut | Status |
| --- | --- | --- |
| T-2 | No backups | resolved |
"""
SECRET = "title,notes\nKey in code,aws_key = AKIAIOSFODNN7EXAMPLE\nNo tests,none at all\n"


@pytest.fixture
def folder(make_workspace, clock) -> Path:
    folder = make_workspace()
    (folder / "debt.md").write_text(TABLE, encoding="utf-8")
    return folder


@pytest.fixture
def debt(call, folder: Path):
    """Return a function that runs `lean-mlops debt` in a workspace."""

    def run(*arguments: str):
        return call("debt", *arguments, cwd=folder)

    return run


def items(debt) -> dict[str, dict]:
    return {item["id"]: item for item in json.loads(debt("list", "--all", "--json").stdout)}


# Import


def test_a_dry_run_shows_what_would_be_done_and_does_nothing(debt):
    done = debt("import", "debt.md", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[0] == "debt.md: 2 new, 0 changed, 0 as they are in the log, 0 refused"
    assert "column   Shortcut: title" in told
    assert "column   Priority: severity" in told
    assert any(line.startswith("new      T-1: Deployed by hand (debt.md:") for line in told)
    assert any(line.startswith("merged   T-2 stands at lines") for line in told)
    assert items(debt) == {}


def test_with_yes_it_is_brought_in(debt):
    done = debt("import", "debt.md", "--yes", "--by", "ana")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["T-1: Deployed by hand", "T-2: No backups"]
    assert done.stderr.splitlines()[-1] == "2 logged, 0 changed"
    found = items(debt)
    assert (found["T-1"]["severity"], found["T-1"]["watch"]) == ("high", "a second builder joins")
    assert found["T-2"]["status"] == "repaid"


def test_what_is_in_the_log_already_is_left_or_changed(debt, folder: Path):
    debt("import", "debt.md", "--yes")
    again = debt("import", "debt.md", "--yes")
    assert again.returncode == 0
    assert "0 new, 0 changed, 2 as they are in the log" in again.stderr
    (folder / "debt.md").write_text(TABLE.replace("| High |", "| Medium |"), encoding="utf-8")
    changed = debt("import", "debt.md", "--yes")
    assert "           severity: high -> medium" in changed.stderr.splitlines()
    assert items(debt)["T-1"]["severity"] == "medium"


def test_a_column_can_be_mapped_and_left_out(debt):
    arguments = ("--map", "Resolves when=control", "--map", "Priority=")
    assert debt("import", "debt.md", *arguments, "--yes").returncode == 0
    item = items(debt)["T-1"]
    assert (item["control"], item["watch"], item["severity"]) == ("a second builder joins", "", None)


def test_where_nobody_can_be_asked_it_shows_and_wants_yes(shell, folder: Path, debt):
    done = shell("debt", "import", "debt.md", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "new      T-1: Deployed by hand" in done.stderr
    assert "add --yes or --dry-run" in done.stderr
    assert items(debt) == {}


@pytest.mark.parametrize(("typed", "code", "count"), [(b"y\n", 0, 2), (b"n\n", 1, 0)])
def test_on_a_terminal_it_asks(folder: Path, debt, typed: bytes, code: int, count: int):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "lean_core", "debt", "import", "debt.md"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=theirs, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        os.write(ours, typed)
        _, said = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "Bring 2 new and 0 changed shortcuts of debt.md into the log?" in said
    assert (process.returncode, len(items(debt))) == (code, count)


def test_a_row_with_a_credential_is_refused_and_the_rest_is_brought_in(debt, folder: Path):
    (folder / "debt.csv").write_text(SECRET, encoding="utf-8")
    done = debt("import", "debt.csv", "--yes", "--json")
    assert done.returncode == 1
    (told,) = json.loads(done.stdout)
    assert [each["line"] for each in told["refused"]] == [2]
    assert told["saved"] == ["D-1"]
    assert "AKIA" not in done.stdout + done.stderr


def test_json_has_all_of_a_plan(debt):
    (told,) = json.loads(debt("import", "debt.md", "--dry-run", "--json").stdout)
    assert list(told) == [
        "file", "mapping", "new", "changed", "same", "merged", "refused", "notes", "saved", "conflicts",
    ]  # fmt: skip
    assert told["mapping"]["Shortcut"] == "title"
    assert told["new"][0]["fields"]["severity"] == "high"


def test_a_folder_of_decision_records_is_read(debt, folder: Path):
    adr = folder / "adr"
    adr.mkdir()
    text = "# 7. Use a cron job\n\n## Status\n\nAccepted\n\n## Decision\n\nAs a shortcut, cron runs it for now.\n"
    (adr / "0007-use-a-cron-job.md").write_text(text, encoding="utf-8")
    assert debt("import", "adr", "--yes").returncode == 0
    assert [item["title"] for item in items(debt).values()] == ["Use a cron job"]


def test_several_files_and_a_folder_of_logs_are_read_one_after_the_other(debt, folder: Path):
    (folder / "logs").mkdir()
    (folder / "logs/a.csv").write_text("id,title,owner\nT-1,Deployed by hand,ana\n", encoding="utf-8")
    (folder / "logs/notes.bin").write_bytes(b"\0")
    assert debt("import", "debt.md", "logs", "--yes").returncode == 0
    assert items(debt)["T-1"]["owner"] == "ana"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gone.md",), "'gone.md' does not exist"),
        ((), "Missing argument"),
        (("debt.md", "--map", "Prio=severity"), "there is no column 'Prio'"),
        (("debt.md", "--map", "Priority=colour"), "there is no such field"),
        (("debt.md", "--map", "Priority"), "--map takes COLUMN=FIELD"),
        (("debt.md", "--map", "Shortcut="), "--map COLUMN=title"),
        (("empty.md",), "empty.md is empty"),
        (("empty",), "has no file that could be a log"),
    ],
)
def test_what_can_not_be_read_is_code_2_and_nothing_is_written(debt, folder: Path, arguments, said: str):
    (folder / "empty.md").touch()
    (folder / "empty").mkdir()
    done = debt("import", *arguments, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert items(debt) == {}


def test_a_file_that_fell_behind_is_a_conflict_and_nothing_is_brought_in(debt, folder: Path):
    debt("add", *ITEM, "--by", "ana")
    assert debt("export", "--output", "log.md").returncode == 0
    text = (folder / "log.md").read_text(encoding="utf-8")
    (folder / "log.md").write_text(text.replace("| Severity | medium |", "| Severity | low |"), encoding="utf-8")
    debt("edit", "D-1", "--severity", "high", "--reviewer", "bo", "--by", "bo")
    done = debt("import", "log.md", "--yes")
    assert done.returncode == 1
    assert "conflict: bo changed the severity of D-1" in done.stderr
    assert items(debt)["D-1"]["severity"] == "high"


# Export


@pytest.mark.parametrize("ending", ["md", "csv", "json"])
def test_an_export_is_read_back_as_it_was(debt, folder: Path, ending: str):
    debt("add", *ITEM, "--by", "ana")
    done = debt("export", "--output", f"log.{ending}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"the log is in log.{ending}\n")
    told = json.loads(debt("import", f"log.{ending}", "--dry-run", "--json").stdout)
    assert [each["same"] for each in told] == [["D-1"]]


def test_an_export_goes_to_stdout_as_markdown_unless_said_otherwise(debt):
    debt("add", *ITEM, "--by", "ana")
    assert "# Debt log" in debt("export").stdout.splitlines()
    assert debt("export", "--format", "csv").stdout.splitlines()[0].startswith("id,title,")
    assert json.loads(debt("export", "--json").stdout)["items"][0]["id"] == "D-1"
    assert debt("export", "--json", "--format", "csv").returncode == 2


def test_an_export_that_can_not_be_written_is_code_3(debt):
    done = debt("export", "--output", "no/log.md")
    assert done.returncode == 3
    assert "no/log.md can't be written (No such file or directory)" in done.stderr


# Scan


@pytest.fixture
def code(folder: Path) -> Path:
    text = "import os\n# TODO: retry\n# DEBT(bo): keys by hand until 2027-01-31\n# FIXME: AKIAIOSFODNN7EXAMPLE\n"
    Repo(folder).commit("Begin", {"app.py": text, ".gitignore": "lean.*\n"})
    return folder


def test_markers_are_listed_with_place_owner_and_age(debt, code: Path):
    done = debt("scan")
    assert done.returncode == 0
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["n", "word", "where", "age", "owner", "says"]
    assert rows[0].split() == ["1", "TODO", "app.py:2", "0", "d", "Ada", "retry"]
    assert rows[1].split()[:6] == ["2", "DEBT", "app.py:3", "0", "d", "bo"]
    assert rows[1].endswith("keys by hand (until 2027-01-31)")
    assert "(not shown: AWS Access Key)" in rows[2]
    assert "AKIA" not in done.stdout + done.stderr


def test_each_marker_is_offered_until_it_is_decided_on(debt, code: Path):
    done = debt("scan", "--take", "2", "--dismiss", "app.py:2", "--by", "ana")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "D-1: keys by hand\n"
    assert "1 logged, 1 dismissed, 1 left" in done.stderr
    item = items(debt)["D-1"]
    assert (item["owner"], item["trigger"], item["location"]) == ("bo", "date >= 2027-01-31", "app.py:3")
    assert [each["line"] for each in json.loads(debt("scan", "--json").stdout)] == [4]


def test_all_are_taken_but_those_that_are_dismissed(debt, code: Path):
    told = json.loads(debt("scan", "--take-all", "--dismiss", "1", "--json").stdout)
    assert [(each["n"], each["decision"], each["item"]) for each in told] == [
        (1, "dismissed", None),
        (2, "taken", "D-1"),
        (3, "taken", "D-2"),
    ]
    done = debt("scan")
    assert (done.stdout, done.returncode) == ("", 0)
    assert "nothing new was found in what was read" in done.stderr


def test_a_range_is_taken(debt, code: Path):
    assert len(debt("scan", "--take", "1-2").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--take", "9"), "'9' names none of the 3 comments that are offered"),
        (("--take", "0-2"), "'0-2' names none of"),
        (("--dismiss", "app.py:99"), "'app.py:99' names none of"),
        (("--take", "1", "--dismiss", "1"), "number 1 can't be both taken and dismissed"),
    ],
)
def test_a_marker_that_there_is_not_is_code_2_and_nothing_is_decided(debt, code: Path, arguments, said: str):
    done = debt("scan", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(json.loads(debt("scan", "--json").stdout)) == 3


def test_a_folder_without_git_is_code_3_and_says_what_to_name(debt):
    done = debt("scan")
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing can be scanned: " in done.stderr
