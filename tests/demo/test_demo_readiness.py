"""How the demo's two models stand, right after it is made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lean_core.checkpoint import Check, Checkpoint, Look
from lean_core.checkpoint.claim import check_claim
from lean_core.demo import Demo
from lean_core.workbench import Workbench
from tests.demo.conftest import probing

SILENT = "http://127.0.0.1:9/version"


@pytest.fixture(scope="module")
def synced(workspace: Path) -> Path:
    """As `lean-mlops demo` and the app's button leave it."""
    Workbench.open(workspace).sync()
    return workspace


@pytest.fixture(scope="module")
def silent(synced: Path, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Nobody started serve.py."""
    return probing(synced, tmp_path_factory.mktemp("silent") / "demo", SILENT)


@pytest.fixture(scope="module")
def look(silent: Workbench) -> Look:
    return silent.look()


def statuses(look: Look) -> dict[str, dict[str, str]]:
    return {each.model: {check.name: check.status for check in each.checks} for each in look.checkpoints}


def checkpoint_of(look: Look, model: str) -> Checkpoint:
    return next(each for each in look.checkpoints if each.model == model)


def check_of(look: Look, model: str, name: str) -> Check:
    return next(check for check in checkpoint_of(look, model).checks if check.name == name)


UPSELL = {
    "live": "stale",
    "provenance": "contradicted",
    "deployment": "missing",
    "signal": "missing",
    "debt": "answered",
}


def test_while_nobody_serves_the_two_models_show_all_four_statuses(look: Look):
    assert look.notes == ()
    assert statuses(look) == {
        "churn": {
            "live": "missing",
            "provenance": "answered",
            "deployment": "answered",
            "signal": "missing",
            "debt": "answered",
        },
        "upsell": UPSELL,
    }


def test_while_the_api_runs_they_still_do_and_all_of_churn_is_answered(synced: Path, tmp_path: Path, api: str):
    found = probing(synced, tmp_path / "demo", api).look()

    assert statuses(found) == {"churn": dict.fromkeys(UPSELL, "answered"), "upsell": UPSELL}
    assert [each.kind for each in check_of(found, "churn", "live").evidence] == ["derived", "observed"]
    assert checkpoint_of(found, "churn").standing == "bad news"


def test_each_check_of_the_colleague_s_model_says_why(look: Look):
    assert "nothing has confirmed since that it still runs" in check_of(look, "upsell", "live").sentence
    assert "metrics.json is not what was registered" in check_of(look, "upsell", "provenance").sentence
    assert "only who did it knows how" in check_of(look, "upsell", "deployment").sentence
    said = check_of(look, "upsell", "signal")
    assert "was claimed until" in " ".join((said.sentence, *said.details))


def test_the_job_that_retrains_churn_is_heard_and_tells_when_it_goes_stale(silent: Workbench, look: Look):
    (job,) = silent.heartbeats()
    beats = [beat.said for beat in job.beats]

    assert (job.job, job.state, job.model, job.environment) == ("retrain", "up", "churn", "prod")
    assert beats == ["start", "success", "start", "success", "start", "fail", "start", "success"]
    assert all(beat.seconds for beat in job.beats if beat.said != "start")
    said = check_of(look, "churn", "signal")
    assert any("The heartbeat of the job retrain tells when it is stale" in each for each in said.details)


def test_the_beats_are_of_runs_that_are_there(silent: Workbench):
    from lean_core.runs import RunQuery

    (job,) = silent.heartbeats()
    started = {run.start_time for run in silent.runs(RunQuery(view="all", limit=100)).runs}
    assert {beat.at for beat in job.beats if beat.said == "start"} <= started


def test_one_trigger_fired_one_is_broken_and_the_others_are_armed(look: Look):
    assert {(each.item, each.state) for each in look.triggers} == {
        ("D-1", "armed"),
        ("D-2", "fired"),
        ("D-5", "armed"),
        ("D-6", "armed"),
        ("D-8", "cannot evaluate"),
    }


def test_the_credits_end_in_two_hundred_days_by_a_claim(silent: Workbench, look: Look):
    facts = {fact.name: fact for fact in look.facts}
    assert facts["credits.days_left"].value == 200
    assert facts["credits.days_left"].evidence
    assert facts["credits.days_left"].evidence.kind == "attested"


def test_the_claims_were_made_on_past_days_and_one_has_ended(silent: Workbench, look: Look):
    claims = silent.claims()
    for claim in claims:
        check_claim(claim)
        assert claim.claimed_at < look.at
    assert {claim.subject: claim.good_until > look.at for claim in claims} == {
        "console.churn": True,
        "credits.ends": True,
        "signal.upsell.broken": False,
    }


def test_the_second_model_is_what_a_colleague_left(silent: Workbench):
    from lean_core.registry import read_model

    (version,) = read_model(silent.objects(), "upsell")
    record = version.record
    assert record
    assert (record.code, record.data, record.note, record.owner) == (None, (), None, "carl")
    assert record.artifact
    assert record.artifact.path == "points.json"


def test_a_copy_without_its_repository_does_not_know_what_defines_the_deployment(made: Demo, tmp_path: Path):
    shutil.copytree(made.folder, tmp_path / "demo", ignore=shutil.ignore_patterns(".git"))
    found = Workbench.open(tmp_path / "demo").look(ask=False)

    assert statuses(found)["churn"]["deployment"] == "missing"
    assert statuses(found)["upsell"] == UPSELL
