from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.checkpoint_workspace import NOW, answer_all, make
from tests.http_stub import Answer, http_stub
from tests.registry.folders import a_record, write, write_version
from tests.releases.builders import a_deployment


class System:
    """A running system that says which version it runs, and counts how often it was asked."""

    def __init__(self) -> None:
        self.version, self.asked, self.address = "12", 0, ""

    def answer(self, _: object) -> Answer:
        self.asked += 1
        return Answer(body=json.dumps({"version": self.version}).encode())


@pytest.fixture
def system() -> Iterator[System]:
    running = System()
    with http_stub(running.answer) as running.address:
        yield running


@pytest.fixture
def folder(tmp_path: Path, call, clock, system: System) -> Path:
    clock.time = NOW
    folder = make(tmp_path / "startup", address=system.address)
    answer_all(call, folder)
    return folder


def models(done) -> dict[str, dict]:
    return {each["model"]: each for each in json.loads(done.stdout)["models"]}


def statuses(model: dict) -> dict[str, str]:
    return {check["name"]: check["status"] for check in model["checks"]}


def lose_signal(call, folder: Path) -> None:
    assert call("claim", "signal.churn.stale", "--withdraw", cwd=folder).returncode == 0


def test_all_five_answered_and_no_bad_news_is_code_0(call, folder: Path):
    done = call("checkpoint", cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    headline, verdict, *answers, last = done.stdout.splitlines()
    assert headline == "churn in prod: 12 is live since 2026-03-10 12:00 UTC"
    assert verdict
    assert [line.split()[:3] for line in answers] == [
        ["1", "live", "answered"],
        ["2", "provenance", "answered"],
        ["3", "deployment", "answered"],
        ["4", "signal", "answered"],
        ["5", "debt", "answered"],
    ]
    assert answers[0].split()[3:5] == ["good", "24.0"]
    assert last.startswith("next: ")


def test_the_last_line_is_the_one_next_action_with_its_command(call, folder: Path, clock):
    clock.advance(days=31)
    done = call("checkpoint", cwd=folder)
    assert "debt review" in models(call("checkpoint", "--json", cwd=folder))["churn"]["checks"][4]["action"]["command"]
    assert done.stdout.splitlines()[-1].startswith("next: ")
    assert ": lean-mlops " in done.stdout.splitlines()[-1]


def test_what_is_missing_is_code_4(call, folder: Path):
    lose_signal(call, folder)
    done = call("checkpoint", "--json", cwd=folder)
    assert done.returncode == 4
    assert statuses(models(done)["churn"])["signal"] == "missing"


def test_what_has_gone_stale_is_code_4(call, folder: Path, clock):
    clock.advance(days=31)
    done = call("checkpoint", "--json", cwd=folder)
    assert done.returncode == 4
    assert statuses(models(done)["churn"])["debt"] == "stale"


def test_a_contradiction_is_code_1_and_goes_before_what_is_missing(call, folder: Path):
    (folder / "registry/churn/12/metrics.json").write_text('{"auc": 0.99}', encoding="utf-8")
    lose_signal(call, folder)
    done = call("checkpoint", "--json", cwd=folder)
    assert done.returncode == 1
    found = statuses(models(done)["churn"])
    assert (found["provenance"], found["signal"]) == ("contradicted", "missing")


def test_bad_news_is_code_1_though_all_is_answered(call, folder: Path):
    assert call("debt", "edit", "D-1", "--severity", "high", "--reviewer", "bo", cwd=folder).returncode == 0
    done = call("checkpoint", "--json", cwd=folder)
    assert set(statuses(models(done)["churn"]).values()) == {"answered"}
    assert models(done)["churn"]["checks"][4]["news"] == "bad"
    assert done.returncode == 1


def test_of_several_models_the_worst_decides_and_one_can_be_asked_for(call, folder: Path):
    write_version(folder / "registry", a_record(model="upsell"))
    both, one = call("checkpoint", "--json", cwd=folder), call("checkpoint", "churn", "--json", cwd=folder)
    assert (both.returncode, set(models(both))) == (4, {"churn", "upsell"})
    assert (one.returncode, set(models(one))) == (0, {"churn"})


def test_each_model_has_its_own_headline_and_next_action(call, folder: Path):
    write_version(folder / "registry", a_record(model="upsell"))
    told = call("checkpoint", cwd=folder).stdout
    first, second = told.split("\n\n")
    assert first.splitlines()[-1].startswith("next: ")
    assert second.splitlines()[0] == "upsell in prod: nothing is declared live"
    assert len(second.splitlines()) == 8


def test_a_model_that_there_is_not_is_code_2(call, folder: Path):
    done = call("checkpoint", "chrun", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing is known of a model 'chrun'; there are: churn" in done.stderr


def test_a_workspace_without_a_model_is_code_4_and_says_what_to_do(call, make_workspace):
    folder = make_workspace('[registry]\nuri = "registry"\n')
    (folder / "registry").mkdir()
    done = call("checkpoint", cwd=folder)
    assert (done.returncode, done.stdout) == (4, "")
    assert "lean-mlops register" in done.stderr


def test_a_registry_that_was_never_reached_is_code_3(call, make_workspace):
    done = call("checkpoint", cwd=make_workspace('[registry]\nuri = "/nowhere/registry"\n'))
    assert (done.returncode, done.stdout) == (3, "")
    assert "note: " in done.stderr
    assert "/nowhere/registry" in done.stderr


def test_a_registry_that_can_not_be_reached_any_more_leaves_what_was_known(call, folder: Path, clock):
    assert call("checkpoint", cwd=folder).returncode == 0
    shutil.move(folder / "registry", folder / "gone")
    clock.advance(hours=2)
    done = call("checkpoint", cwd=folder)
    assert done.returncode == 3
    assert done.stdout.splitlines()[0].endswith("; as recorded on 2026-03-11 12:00 UTC")
    assert "registry" in done.stderr
    clock.advance(days=2)
    assert call("checkpoint", cwd=folder).returncode == 4


def test_a_date_tells_what_was_recorded_by_then(call, folder: Path, clock):
    assert call("checkpoint", cwd=folder).returncode == 0
    clock.advance(days=1)
    lose_signal(call, folder)
    assert call("checkpoint", cwd=folder).returncode == 4
    clock.advance(days=3)
    then = call("checkpoint", "--at", "2026-03-11", cwd=folder)
    assert then.returncode == 0
    assert then.stdout.splitlines()[0].endswith("; as recorded on 2026-03-11 12:00 UTC")
    later = call("checkpoint", "churn", "--at", "2 days ago", "--json", cwd=folder)
    assert later.returncode == 4
    assert models(later)["churn"]["found_at"] == "2026-03-12T12:00:00.000Z"


@pytest.mark.parametrize("model", [[], ["churn"], ["gone"]])
def test_a_date_before_anything_was_recorded_is_code_4_and_says_so(call, folder: Path, model: list[str]):
    done = call("checkpoint", *model, "--at", "2026-03-01", cwd=folder)
    assert (done.returncode, done.stdout) == (4, "")
    assert "was recorded by 2026-03-01" in done.stderr


@pytest.mark.parametrize("date", ["2027-01-01", "soon"])
def test_a_date_that_is_none_or_to_come_is_code_2(call, folder: Path, date: str):
    assert call("checkpoint", "--at", date, cwd=folder).returncode == 2


def test_looking_back_and_no_probe_ask_nobody(call, folder: Path, system: System):
    call("checkpoint", cwd=folder)
    before = system.asked
    assert before > 0
    call("checkpoint", "--no-probe", cwd=folder)
    call("checkpoint", "--at", "today", cwd=folder)
    assert system.asked == before
    call("checkpoint", cwd=folder)
    assert system.asked > before


def test_verbose_shows_what_each_answer_rests_on(call, folder: Path, system: System):
    told = call("checkpoint", "--verbose", cwd=folder).stdout
    assert f"observed  churn in prod runs 12, as declared. (probe:{system.address}/version, now)" in told
    assert "attested  ana says: cron mails us when the job fails (claim:signal.churn.stale, now)" in told
    assert "derived   " in told


def test_json_has_all_of_it(call, folder: Path):
    done = call("checkpoint", "--json", cwd=folder)
    told = json.loads(done.stdout)
    assert list(told) == ["at", "models", "ml_tests", "notes"]
    (model,) = told["models"]
    assert list(model) == [
        "model", "environment", "found_at", "live", "since", "verdict", "score", "limit", "action", "checks",
    ]  # fmt: skip
    assert [check["number"] for check in model["checks"]] == [1, 2, 3, 4, 5]
    check = model["checks"][0]
    assert list(check) == [
        "number", "name", "question", "status", "news", "score", "sentence", "details", "observed_at", "action",
        "evidence",
    ]  # fmt: skip
    assert list(check["evidence"][0]) == [
        "claim", "value", "source", "digest", "kind", "observed_at", "good_until", "by",
    ]  # fmt: skip
    assert (model["live"], model["score"], model["limit"]) == ("12", 0.5, "signal")


def test_codes_that_a_terminal_would_obey_are_shown_as_text(call, folder: Path):
    event = replace(a_deployment("12", day=9.8), how="make \x1b[31mdeploy", seconds=1.0)
    from lean_core.registry import render_event

    write(folder / "registry", f"churn/trail/{event.id}.json", render_event(event), at=event.at)
    told = call("checkpoint", "--verbose", cwd=folder).stdout
    assert "\x1b" not in told
    assert "make \\x1b[31mdeploy" in told


def test_the_ml_test_score_is_told_where_the_settings_ask_for_it(call, folder: Path):
    with (folder / "lean.toml").open("a", encoding="utf-8") as file:
        file.write("\n[checkpoint]\nml_test_score = true\n")
    assert "ML Test Score 0: " in call("checkpoint", cwd=folder).stdout
    (score,) = json.loads(call("checkpoint", "--json", cwd=folder).stdout)["ml_tests"]
    assert (score["model"], score["total"], len(score["tests"])) == ("churn", 0, 28)


def test_github_gets_a_table_in_the_summary_of_the_step(call, folder: Path, monkeypatch, tmp_path: Path):
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    arguments = ("debt", "edit", "D-1", "--title", "![x](http://evil.example/i.png)", "--by", "ana")
    assert call(*arguments, cwd=folder).returncode == 0
    call("checkpoint", cwd=folder)
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Before\n### Checkpoint: churn in prod\n")
    assert "| 1\\. live | ✅ answered | good | 24.0 h | " in text
    assert "**Next:** " in text
    assert "![x]" not in text
    assert text.count("\n| ") == 7


def test_the_summary_of_a_step_stays_within_githubs_limit(call, folder: Path, monkeypatch, tmp_path: Path):
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert call("checkpoint", cwd=folder).returncode == 0
    assert summary.stat().st_size <= 1024 * 1024
    assert "1 more models" in summary.read_text(encoding="utf-8")
