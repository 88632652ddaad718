"""A look at a real workspace: a registry, a repository, a system that answers, a debt log, claims."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.checkpoint import Checkpoint, Name, Status
from lean_core.workbench import Workbench
from tests.checkpoint.builders import a_claim
from tests.cli.checkpoint_workspace import make
from tests.cli.releases_workspace import POLICY
from tests.http_stub import Answer, http_stub
from tests.registry.folders import a_record, write, write_event, write_version
from tests.releases.builders import a_deployment, a_gate, on

TRAIN = b"a,b\n1,2\n"


class System:
    """A running system that says which version it runs."""

    def __init__(self) -> None:
        self.version = "12"
        self.url = ""


@pytest.fixture
def system() -> Iterator[System]:
    running = System()
    with http_stub(lambda _: Answer(body=json.dumps({"version": running.version}).encode())) as address:
        running.url = address
        yield running


@pytest.fixture
def bench(tmp_path: Path, clock, system: System) -> Workbench:
    """Return a workspace in which every question is answered, at noon of 2026-03-11."""
    clock.time = on(10)
    folder = make(tmp_path / "startup", address=system.url)
    bench = Workbench.open(folder)
    bench.add_debt(
        {
            "title": "Deployed from a laptop",
            "owner": "ana",
            "severity": "medium",
            "risk": "maintainability",
            "blocks": ("migration", "customer", "compliance"),
            "trigger": "live_models >= 2",
        },
        actor="ana",
    )
    bench.review_debt(actor="ana", note="all of it")
    bench.claim(a_claim("console.churn", says="none"))
    bench.claim(a_claim("signal.churn.stale", says="cron mails us when the job fails"))
    return bench


def look(bench: Workbench) -> Checkpoint:
    (checkpoint,) = bench.look().checkpoints
    return checkpoint


def statuses(checkpoint: Checkpoint) -> dict[Name, Status]:
    return {check.name: check.status for check in checkpoint.checks}


def changed(before: Checkpoint, after: Checkpoint) -> list[Name]:
    return [
        one.name
        for one, other in zip(before.checks, after.checks, strict=True)
        if (one.status, one.news) != (other.status, other.news)
    ]


def check(checkpoint: Checkpoint, name: Name):
    return next(each for each in checkpoint.checks if each.name == name)


def test_everything_in_order_answers_all_five(bench: Workbench):
    found = look(bench)
    assert set(statuses(found).values()) == {"answered"}, [(c.name, c.sentence) for c in found.checks]
    assert (found.live, found.score) == ("12", 0.5)
    assert found.limit
    assert found.limit.name == "signal"  # what is only claimed is the weakest


def test_deleting_the_metrics_file_changes_the_second_check_alone(bench: Workbench):
    before = look(bench)
    (bench.folder / "registry/churn/12/metrics.json").unlink()
    after = look(bench)
    assert changed(before, after) == ["provenance"]
    assert check(after, "provenance").sentence == (
        "The metrics file metrics.json is not there any more, though the record names it."
    )


def test_editing_the_metrics_file_contradicts_the_second_check(bench: Workbench):
    before = look(bench)
    (bench.folder / "registry/churn/12/metrics.json").write_text('{"auc": 0.99}', encoding="utf-8")
    after = look(bench)
    assert changed(before, after) == ["provenance"]
    assert check(after, "provenance").status == "contradicted"
    assert "is not what was registered" in check(after, "provenance").sentence


def test_editing_the_data_contradicts_the_second_check(bench: Workbench):
    before = look(bench)
    (bench.folder / "data/train.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    after = look(bench)
    assert changed(before, after) == ["provenance"]
    assert check(after, "provenance").sentence.startswith("Its data train (data/train.csv) is not what it was")


def test_data_that_did_not_change_is_hashed_once(bench: Workbench, monkeypatch: pytest.MonkeyPatch, clock):
    clock.time = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(hours=1)
    look(bench)
    monkeypatch.setattr("lean_core.checkpoint.hashed.hash_file", lambda _: pytest.fail("it was read again"))
    assert check(look(bench), "provenance").status == "answered"


def test_a_system_that_runs_another_version_contradicts_the_first_check(bench: Workbench, system: System):
    before = look(bench)
    system.version = "11"
    after = look(bench)
    assert set(changed(before, after)) == {"live", "signal"}
    assert check(after, "live").status == "contradicted"
    assert check(after, "signal").news == "bad"  # the probe is the signal that tells


def test_deploying_another_version_changes_what_is_live(bench: Workbench):
    gate = a_gate("13", day=9.6, policy_sha256=POLICY)
    for event in (gate, a_deployment("13", day=9.7, gate=gate.id)):
        write_event(bench.folder / "registry", event, at=event.at)
    found = look(bench)
    assert found.live == "13"
    assert check(found, "live").status == "contradicted"
    assert "13 has no record" in check(found, "provenance").sentence or "13" in check(found, "provenance").sentence


@pytest.mark.parametrize(("days", "names"), [(0.5, []), (31, ["debt"]), (181, ["deployment", "debt"])])
def test_advancing_the_clock_makes_the_right_checks_stale(bench: Workbench, clock, days: float, names: list[Name]):
    bench.claim(a_claim("signal.churn.stale", days=400))
    bench.claim(a_claim("console.churn", days=400))
    before = look(bench)
    clock.advance(days=days)
    after = look(bench)
    assert changed(before, after) == names
    assert all(check(after, name).status == "stale" for name in names)


def test_a_claim_that_ends_makes_its_check_stale(bench: Workbench, clock):
    before = look(bench)
    clock.advance(days=30)
    after = look(bench)
    assert "signal" in changed(before, after)
    assert "was claimed until 2026-04-10 only" in check(after, "signal").sentence


def test_a_registry_that_can_not_be_read_leaves_what_was_known_with_its_age(bench: Workbench, clock):
    look(bench)
    shutil.move(bench.folder / "registry", bench.folder / "gone")
    clock.advance(hours=2)
    found = bench.look()
    assert len(found.notes) == 1
    (checkpoint,) = found.checkpoints
    assert set(statuses(checkpoint).values()) == {"answered"}
    assert all(each.details[0].startswith("As of 2026-03-11 12:00 UTC; ") for each in checkpoint.checks)
    clock.advance(days=2)
    (checkpoint,) = bench.look().checkpoints
    assert check(checkpoint, "live").status == "stale"
    assert checkpoint.score == 0


def test_facts_that_can_not_be_read_are_unknown_and_not_gone(bench: Workbench):
    look(bench)
    shutil.move(bench.folder / "registry", bench.folder / "gone")
    found = bench.look()
    facts = {fact.name: fact for fact in found.facts}
    assert facts["live_models"].value is None
    assert "there is no folder" in facts["live_models"].unknown
    (state,) = found.triggers
    assert state.state == "cannot evaluate"
    assert "there is no folder" in state.sentence


def test_nothing_that_is_only_remembered_is_recorded_as_found(bench: Workbench, clock):
    look(bench)
    shutil.move(bench.folder / "registry", bench.folder / "gone")
    clock.advance(days=2)
    bench.look()
    assert len(bench.trend("churn")) == 1


def test_a_look_that_asks_nobody_keeps_what_was_seen(bench: Workbench, clock):
    look(bench)
    clock.advance(hours=1)
    found = bench.look(ask=False)
    fact = next(each for each in found.facts if each.name == "prod.churn.observed_as_declared")
    assert fact.value is True
    assert fact.evidence
    assert fact.evidence.observed_at == on(10)
    assert check(found.checkpoints[0], "live").status == "answered"


def test_results_are_kept_at_each_change_and_once_a_day(bench: Workbench, clock):
    look(bench)
    clock.advance(minutes=5)
    look(bench)
    assert len(bench.trend("churn")) == 1
    (bench.folder / "registry/churn/12/metrics.json").unlink()
    look(bench)
    clock.advance(days=1)
    look(bench)
    assert [(each.score, each.statuses["provenance"]) for each in bench.trend("churn")] == [
        (0.5, "answered"),
        (0, "missing"),
        (0, "missing"),
    ]


def test_what_was_known_on_a_date_is_told(bench: Workbench, clock):
    look(bench)
    clock.advance(hours=3)
    (bench.folder / "registry/churn/12/metrics.json").unlink()
    look(bench)
    assert bench.checkpoints_at(on(9)) == []
    (then,) = bench.checkpoints_at(on(10) + dt.timedelta(hours=1))
    (now,) = bench.checkpoints_at(clock.time)
    assert (statuses(then)["provenance"], statuses(now)["provenance"]) == ("answered", "missing")
    assert then == bench.checkpoints_at(on(10))[0]


def test_a_result_is_read_as_it_was_found(bench: Workbench, clock):
    found = look(bench)
    assert bench.checkpoints_at(clock.time) == [found]


def test_facts_have_values_and_sources(bench: Workbench):
    facts = {fact.name: fact for fact in bench.facts()}
    assert facts["live_models"].value == 1
    assert facts["prod.churn.version"].value == "12"
    assert facts["prod.churn.version_age_days"].value == 1
    assert facts["prod.churn.observed_as_declared"].value is True
    assert facts["debt.open"].value == 1
    assert facts["checks.churn.answered"].value == 5
    assert facts["builders"].value is None
    assert "lean-mlops sync" in facts["builders"].unknown
    assert all(fact.value is None or fact.evidence for fact in facts.values())
    assert all(fact.value is not None or fact.unknown for fact in facts.values())


def test_a_trigger_fires_when_the_facts_say_so_and_the_fifth_check_hears_of_it(bench: Workbench):
    assert [state.state for state in bench.look().triggers] == ["armed"]
    write_version(bench.folder / "registry", a_record(model="upsell"))
    event = a_deployment("1", day=9)
    write(bench.folder / "registry", f"upsell/trail/{event.id}.json", _of_model(event, "upsell"), at=event.at)
    found = bench.look()
    assert [(state.state, state.sentence) for state in found.triggers] == [
        ("fired", "live_models is 2, which is at least 2")
    ]
    assert check(found.checkpoint("churn"), "debt").news == "bad"
    assert {fact.name: fact.value for fact in found.facts}["debt.fired"] == 1


def test_a_file_that_can_not_be_written_keeps_no_answer_back(bench: Workbench, monkeypatch: pytest.MonkeyPatch):
    from lean_core.errors import StoreReadOnly
    from lean_core.store import Store

    look(bench)

    def refuse(self):
        raise StoreReadOnly("the folder can't be written to")

    monkeypatch.setattr(Store, "write", refuse)
    found = bench.look()
    assert found.checkpoints
    assert found.notes == ("What was found is not recorded: the folder can't be written to",)


def _of_model(event, model: str) -> bytes:
    from dataclasses import replace

    from lean_core.registry import render_event

    return render_event(replace(event, model=model))
