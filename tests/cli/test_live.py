from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from lean_core.registry import CheckResult
from tests.cli.releases_workspace import POLICY, make, served
from tests.http_stub import Answer, http_stub, refused
from tests.registry.folders import write, write_event
from tests.releases.builders import a_deployment, a_gate, a_waiver, on


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    failed = a_deployment("13", day=5, environment="test", outcome="failed", gate="another")
    return make(tmp_path / "workspace", *served("12", "13"), failed)


def probed(folder: Path, toml: str) -> None:
    with (folder / "lean.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[probes.churn.prod]\n{toml}\n")


def answer(done) -> list[dict]:
    return json.loads(done.stdout)


def test_it_says_what_is_live_where(call, folder: Path):
    head, test, prod = call("live", cwd=folder).stdout.splitlines()
    assert head.split("  ")[0] == "model"
    assert test.split()[:3] == ["churn", "test", "none"]
    assert prod.split()[:7] == ["churn", "prod", "13", "2026-03-03", "12:00", "ana", "passed"]


def test_json_says_all_that_is_known(call, folder: Path):
    test, prod = answer(call("live", "churn", "--json", cwd=folder))
    assert (prod["version"], prod["since"], prod["by"], prod["how"]) == (
        "13",
        "2026-03-03T12:00:00.000Z",
        "ana",
        "make deploy",
    )
    assert (prod["rests_on"], prod["forced"], prod["rollback"], prod["late"]) == ("passed", False, False, False)
    assert (test["version"], test["failed_since"][0]["version"]) == (None, "13")


def test_a_rollback_and_what_it_rests_on_are_told_apart_in_the_table_and_in_json(call, tmp_path: Path):
    gate, *events = served("12", "13")
    back = a_deployment("12", day=3, gate=gate.id, rollback_of="13")
    folder = make(tmp_path / "workspace", gate, *events, back)
    head, prod = call("live", cwd=folder).stdout.splitlines()
    assert head.split("  ")[-2:] == ["rollback of", "how"]
    assert prod.split()[6:8] == ["passed", "13"]
    (said,) = answer(call("live", "--json", cwd=folder))
    assert (said["rests_on"], said["rollback"]) == ("passed", True)


def test_a_version_from_a_dirty_tree_is_noted(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", *served("12"), dirty=True)
    note = "note: churn in prod: 12 was registered from a dirty working tree, so its commit can't rebuild it.\n"
    assert call("live", cwd=folder).stderr == note
    assert [each["dirty"] for each in answer(call("live", "--json", cwd=folder))] == [True]


def test_of_a_version_that_is_gone_it_is_not_known_whether_its_tree_was_dirty(call, folder: Path):
    assert [each["dirty"] for each in answer(call("live", "--json", cwd=folder))] == [None, False]
    (folder / "registry/churn/13/version.json").unlink()
    done = call("live", "--env", "prod", "--json", cwd=folder)
    assert (done.returncode, answer(done)[0]["dirty"]) == (0, None)


@pytest.mark.parametrize(("until", "state"), [(30, "ended"), (99_999, "in force")])
def test_a_waiver_on_which_the_gate_rested_is_noted_with_its_end(call, tmp_path: Path, until: float, state: str):
    waiver = a_waiver("12", until=until)
    checks = (CheckResult(name="metrics.auc", verdict="fail", waived_by=waiver.id),)
    gate = a_gate("12", policy_sha256=POLICY, checks=checks)
    deployment = a_deployment("12", day=1, gate=gate.id)
    folder = make(tmp_path / "workspace", waiver, gate, deployment)
    assert "the gate of 12 rests on a waiver: metrics.auc " in call("live", cwd=folder).stderr
    (said,) = answer(call("live", "--json", cwd=folder))
    assert said["waived"] == [
        {
            "check": "metrics.auc",
            "state": state,
            "until": f"{waiver.expires_at.isoformat()}.000Z",
            "by": "ben",
            "reason": "new market",
        }
    ]


def test_one_environment_and_an_unknown_one(call, folder: Path):
    assert [each["environment"] for each in answer(call("live", "--env", "prod", "--json", cwd=folder))] == ["prod"]
    assert call("live", "--env", "prd", cwd=folder).returncode == 2


def test_what_can_not_be_read_makes_the_answer_not_sure(call, folder: Path):
    write(folder / "registry", "churn/trail/20260401T120000000Z-deployment-prod-aaaaaa.json", "{")
    done = call("live", cwd=folder)
    assert "churn in prod is not sure" in done.stderr


@pytest.mark.parametrize(
    ("body", "code", "state"),
    [(b'{"version": "13"}', 0, "agree"), (b'{"version": "12"}', 1, "disagree"), (b"<html>", 3, "unobservable")],
)
def test_the_running_system_is_asked(call, folder: Path, body: bytes, code: int, state: str):
    with http_stub(lambda _: Answer(body=body)) as address:
        probed(folder, f'url = "{address}/version"\njson_path = "version"')
        done = call("live", "--probe", "--env", "prod", "--json", cwd=folder)
    (prod,) = answer(done)
    assert (done.returncode, prod["observed"]["state"]) == (code, state)
    assert prod["observed"]["asked"] == f"{address}/version"


def test_who_does_not_answer_is_code_3(call, folder: Path):
    probed(folder, f'url = "{refused()}"')
    done = call("live", "--probe", cwd=folder)
    assert done.returncode == 3
    assert "nothing listens there" in done.stderr


def test_an_environment_without_a_probe_is_unobservable_and_no_failure(call, folder: Path):
    done = call("live", "--probe", "--json", cwd=folder)
    assert done.returncode == 0
    assert [each["observed"]["state"] for each in answer(done) if each["environment"] == "prod"] == ["unobservable"]


def test_an_artifact_is_known_by_its_digest(call, folder: Path):
    probed(folder, 'file = "serving/model.pkl"\ncompare = "digest"')
    write(folder, "serving/model.pkl", b"model of depth 4")
    done = call("live", "--probe", "--env", "prod", "--json", cwd=folder)
    assert (done.returncode, answer(done)[0]["observed"]["version"]) == (1, "12")
    write(folder, "serving/model.pkl", b"model of depth 6")
    assert call("live", "--probe", cwd=folder).returncode == 0


def test_a_command_is_asked_in_the_workspace(call, folder: Path):
    probed(folder, 'command = ["sh", "-c", "cat $LEAN_MODEL.$LEAN_ENVIRONMENT"]')
    write(folder, "churn.prod", "13\n")
    assert call("live", "--probe", "--env", "prod", cwd=folder).returncode == 0


def test_what_runs_undeclared_is_code_1(call, tmp_path: Path):
    folder = make(tmp_path / "workspace")
    probed(folder, 'command = ["echo", "12"]')
    done = call("live", "--probe", cwd=folder)
    assert done.returncode == 1
    assert "undeclared: churn in prod runs 12, and no deployment there is recorded" in done.stderr


def test_a_model_that_only_a_probe_knows_is_asked_too(call, folder: Path):
    with (folder / "lean.toml").open("a", encoding="utf-8") as file:
        file.write('\n[probes.fraud.prod]\ncommand = ["echo", "7"]\n')
    for arguments in ([], ["fraud"]):
        done = call("live", *arguments, "--probe", "--json", cwd=folder)
        observed = {each["model"]: each["observed"] for each in answer(done) if each["observed"]}
        assert (done.returncode, observed["fraud"]["state"], observed["fraud"]["version"]) == (1, "undeclared", "7")


def test_what_was_live_at_a_date(call, folder: Path):
    def at(date: str) -> list[str]:
        return [each["version"] for each in answer(call("live", "--at", date, "--json", cwd=folder))]

    assert at("2026-03-01") == []
    assert at("2026-03-02") == ["12"]
    assert at("3 March 2026") == ["12", "13"]
    assert at("2026-03-03 11:59") == ["12"]
    assert at("2026-03-03 12:00") == ["13"]
    assert at("March 2026") == ["12", "13"]


def test_what_was_forced_or_a_rollback_at_a_date_is_marked(call, tmp_path: Path):
    gate, *events = served("12")
    forced = a_deployment("13", day=2, reason="the demo is at nine")
    back = a_deployment("12", day=3, gate=gate.id, rollback_of="13")
    folder = make(tmp_path / "workspace", gate, *events, forced, back)
    _, *rows = call("live", "--at", "March 2026", cwd=folder).stdout.splitlines()
    assert [row.partition("ana")[2].split() for row in rows] == [["passed"], ["forced"], ["passed", "13"]]
    said = answer(call("live", "--at", "March 2026", "--json", cwd=folder))
    assert [(each["rests_on"], each["forced"], each["rollback"]) for each in said] == [
        ("passed", False, False),
        ("forced", True, False),
        ("passed", False, True),
    ]


def test_what_it_rested_on_at_a_date_is_of_the_deployment_that_was_newest_then(call, tmp_path: Path):
    gate, *events = served("12")
    folder = make(tmp_path / "workspace", gate, *events, a_deployment("12", day=3, reason="a new server"))
    for date, basis in (("2026-03-03", "passed"), ("2026-03-04 12:00", "forced"), ("2026-03-05", "forced")):
        assert [each["rests_on"] for each in answer(call("live", "--at", date, "--json", cwd=folder))] == [basis]


def test_an_answer_that_came_late_is_marked_and_says_what_was_told_then(call, folder: Path):
    write_event(folder / "registry", a_deployment("99", day=1.5), at=on(9))
    done = call("live", "--at", "2026-03-03 01:00", "--json", cwd=folder)
    (found,) = answer(done)
    assert (found["version"], found["late"], found["known_at"]) == ("99", True, "2026-03-10T12:00:00.000Z")
    assert found["told_then"] == ["12"]
    assert "at that time the trail said 12" in done.stderr
    assert "known since 2026-03-10" in call("live", "--at", "2026-03-03 01:00", cwd=folder).stdout


def test_a_date_that_is_none_is_a_wrong_command(call, folder: Path):
    for date in ("soon", "2999-01-01"):
        assert call("live", "--at", date, cwd=folder).returncode == 2
    assert call("live", "--at", "yesterday", "--probe", cwd=folder).returncode == 2


def test_nothing_is_live_in_a_new_registry(call, tmp_path: Path):
    folder = make(tmp_path / "workspace")
    done = call("live", "--json", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "nothing is declared live" in call("live", cwd=folder).stderr


def test_the_trail_is_told_in_sentences(call, folder: Path):
    lines = call("trail", "churn", "--kind", "deployment", cwd=folder).stdout.splitlines()
    assert lines == [
        "2026-03-02 12:00  ana deployed churn 12 to prod by “make deploy”.",
        "2026-03-03 12:00  ana deployed churn 13 to prod by “make deploy”.",
        "2026-03-06 12:00  ana tried to deploy churn 13 to test by “make deploy”, which failed.",
    ]


def test_the_trail_is_filtered_by_environment_and_date(call, folder: Path):
    def versions(*arguments: str) -> list[str]:
        return [each["version"] for each in answer(call("trail", "--json", *arguments, cwd=folder))]

    assert versions("--env", "test") == ["13"]
    assert versions("--since", "2026-03-03", "--env", "prod") == ["13"]
    assert len(versions()) == 5


def test_the_trail_is_json_as_in_its_files_with_a_sentence(call, folder: Path):
    event = answer(call("trail", "--json", "--kind", "deployment", cwd=folder))[0]
    assert (event["kind"], event["at"], event["late"]) == ("deployment", "2026-03-02T12:00:00.000Z", False)
    assert event["known_at"] == "2026-03-02T12:00:00.000Z"
    assert event["sentence"] == "ana deployed churn 12 to prod by “make deploy”."


def test_the_trail_is_csv_that_no_spreadsheet_runs(call, tmp_path: Path):
    folder = make(tmp_path / "workspace", a_deployment("12", actor="=cmd()"))
    (row,) = csv.DictReader(io.StringIO(call("trail", "--csv", cwd=folder).stdout))
    assert (row["version"], row["actor"], row["environment"]) == ("12", "'=cmd()", "prod")
    assert row["sentence"].startswith("'=cmd() deployed")


def test_a_file_of_the_trail_that_can_not_be_read_is_told(call, folder: Path):
    write(folder / "registry", "churn/trail/odd.json", "{")
    done = call("trail", cwd=folder)
    assert done.returncode == 0
    assert "note: churn/trail/odd.json is not a JSON object" in done.stderr


def test_no_event_is_said(call, tmp_path: Path):
    folder = make(tmp_path / "workspace")
    assert "nothing has happened yet" in call("trail", cwd=folder).stderr
    assert call("trail", "--csv", "--json", cwd=folder).returncode == 2
