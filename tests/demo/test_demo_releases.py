"""What was released in the demo, as a person sees it who opens the workspace."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from lean_core.registry import FIELDS, Deployment, Drill, Gate, Waiver, present_fields
from lean_core.releases import KnownTrail, NoWayBack, fold_environment, live_between
from lean_core.workbench import Workbench
from tests.demo.conftest import probing

ROOT = Path(__file__).parents[2]
CUSTOMER = {
    "plan": "team", "billing": "monthly", "country": "DE", "channel": "ads", "tenure_months": 2, "seats": 8,
    "active_seats": 3, "monthly_price": 152.0, "logins_30d": 4, "days_since_login": 12, "tickets_90d": 0,
    "failed_payments_6m": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def workbench(workspace: Path) -> Workbench:
    return Workbench.open(workspace)


@pytest.fixture(scope="module")
def trail(workbench: Workbench) -> KnownTrail:
    return workbench.trail("churn")


def events(trail: KnownTrail, kind: type, version: str | None = None, environment: str = "prod") -> list:
    own = [known.event for known in trail.events if isinstance(known.event, kind)]
    return [event for event in own if event.environment == environment and version in {None, event.version}]


def ask(url: str, customer: object = None) -> dict:
    data = None if customer is None else json.dumps(customer).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=20) as response:
        return json.load(response)


def test_three_versions_of_churn_are_registered_with_all_that_a_record_can_say(workbench: Workbench):
    from lean_core.registry import read_model

    versions = read_model(workbench.objects(), "churn")
    assert sorted(each.version for each in versions) == ["1", "2", "3"]
    for each in versions:
        assert each.record
        assert set(present_fields(each.record)) == set(FIELDS)
        assert each.record.code
        assert each.record.code.dirty is False
        assert each.record.data[0].ref == "data/churn.csv"
        assert each.record.data[0].digest.startswith("sha256:")
        assert each.record.mlflow
        assert each.record.mlflow.version == each.version


def test_the_records_and_events_have_the_times_of_past_days_in_order_and_none_is_late(
    workbench: Workbench, trail: KnownTrail
):
    from lean_core.registry import read_model

    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    registered = {each.version: each.record.created_at for each in read_model(workbench.objects(), "churn")}
    assert now - dt.timedelta(days=10) < registered["1"] < registered["2"] < registered["3"] < now
    assert all(known.event.at > registered[known.event.version] for known in trail.events)
    assert not [known for known in trail.events if known.late]
    assert not trail.unreadable


def test_the_first_version_passed_its_gates_and_went_to_test_and_then_to_prod(trail: KnownTrail):
    for environment in ("test", "prod"):
        (gate,) = events(trail, Gate, "1", environment)
        (deployment,) = events(trail, Deployment, "1", environment)
        assert (gate.verdict, deployment.gate, deployment.skipped) == ("pass", gate.id, ())


def test_the_second_version_passed_only_with_a_waiver_of_the_one_check_that_was_unknown(trail: KnownTrail):
    before, after = events(trail, Gate, "2")
    (waiver,) = events(trail, Waiver, "2")
    blocking = [check.name for check in before.checks if check.verdict != "pass"]

    assert (before.verdict, blocking) == ("unknown", ["business.calls_answered"])
    assert after.verdict == "pass"
    assert [check.name for check in after.checks if check.waived_by == waiver.id] == blocking
    assert waiver.reason
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert now < waiver.expires_at < now + dt.timedelta(days=30)


def test_the_third_version_failed_its_gate_by_what_it_scored_and_was_forced(trail: KnownTrail):
    (gate,) = events(trail, Gate, "3")
    (deployment,) = events(trail, Deployment, "3")

    assert gate.verdict == "fail"
    assert (gate.baseline, gate.checks[0].name, gate.checks[0].verdict) == (
        "2", "baseline.test_recall_top_10pct", "fail",
    )  # fmt: skip
    assert deployment.gate is None
    assert deployment.reason


def test_prod_was_rolled_back_to_the_second_version_and_test_has_the_third(trail: KnownTrail):
    live = fold_environment(trail, "prod").live
    assert live
    assert (live.version, live.rollback) == ("2", True)
    assert events(trail, Deployment)[-1].rollback_of == "3"
    assert fold_environment(trail, "test").live.version == "3"


def test_what_was_live_before_the_rollback_can_be_asked(trail: KnownTrail):
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    moment = now - dt.timedelta(days=0.8)
    then = live_between(trail, "prod", moment, moment)

    assert [each.version for each in then.intervals] == ["3"]
    assert then.told_then is None


def test_a_rollback_was_rehearsed_and_would_work_again(workbench: Workbench, trail: KnownTrail):
    from lean_core.registry import tell_nobody

    (drill,) = events(trail, Drill)
    assert (drill.outcome, drill.from_version, drill.to_version) == ("succeeded", "2", "1")
    assert workbench.drill_evidence(trail, "prod").state == "rehearsed"
    plan = workbench.plan_rollback(trail, "prod", to=None, tell=tell_nobody)
    assert not isinstance(plan, NoWayBack)
    assert plan.preflight.doubts == ()


def test_the_gate_comes_to_the_same_verdicts_today(workbench: Workbench):
    verdicts = {
        version: workbench.evaluate(workbench.case("churn", version, "prod"), actor="ana").verdict
        for version in ("2", "3")
    }
    assert verdicts == {"2": "pass", "3": "fail"}


def test_the_doctor_finds_no_errors_even_in_the_hashes(workspace: Path):
    done = subprocess.run(
        [sys.executable, "-m", "lean_core", "doctor", "churn", "--json"],
        cwd=workspace,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert found
    assert [each for each in found if each["severity"] != "ok"] == []


def test_each_environment_runs_the_files_of_the_version_that_is_declared(workspace: Path):
    for environment, version in (("test", "3"), ("prod", "2")):
        deployed, registered = workspace / "deployed" / environment, workspace / "registry" / "churn" / version
        assert (deployed / "VERSION").read_text().strip() == version
        weights = (registered / "model" / "weights.npz").read_bytes()
        assert (deployed / "model" / "weights.npz").read_bytes() == weights


def test_without_the_api_prod_can_not_be_observed_and_is_not_called_fine(workspace: Path, tmp_path: Path):
    silent = probing(workspace, tmp_path / "silent", "http://127.0.0.1:9/version")
    observed = silent.observe([silent.trail("churn")])

    assert {where: each.state for (_, where), each in observed.items()} == {"test": "agree", "prod": "unobservable"}


def test_the_running_api_agrees_with_the_trail_until_somebody_deploys_past_it(
    workspace: Path, tmp_path: Path, api: str
):
    probed = probing(workspace, tmp_path / "probed", api)
    trails = [probed.trail("churn")]
    assert probed.observe(trails)["churn", "prod"].state == "agree"
    version = workspace / "deployed" / "prod" / "VERSION"
    version.write_text("3\n")
    try:
        assert probed.observe(trails)["churn", "prod"].state == "disagree"
    finally:
        version.write_text("2\n")


def test_the_api_scores_a_customer_as_the_script_does(workspace: Path, api: str):
    """The first customers of the table, against the model that train.py left."""
    code = (
        "import csv, json, sys, numpy as np, pandas as pd, train\n"
        "data = pd.read_csv('data/churn.csv').head(5)\n"
        "weights = dict(np.load('deployed/prod/model/weights.npz'))\n"
        "scale = json.load(open('deployed/prod/model/model.json'))['scale']\n"
        "x = data[train.USAGE + train.ACCOUNT].apply(np.log1p)\n"
        "x = x.join(pd.get_dummies(data[train.CATEGORIES], dtype=float))\n"
        "x = x.reindex(columns=list(scale), fill_value=0.0)\n"
        "x = (x - [scale[n][0] for n in scale]) / [scale[n][1] for n in scale]\n"
        "chances = train.probability(train.log_odds(weights, x.to_numpy())).tolist()\n"
        "rows = json.loads(data.to_json(orient='records'))\n"
        "print(json.dumps(list(zip(rows, chances))))\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], cwd=workspace, capture_output=True, text=True, check=True)
    for customer, chance in json.loads(done.stdout):
        told = ask(api.replace("/version", "/predict"), customer)
        assert told == {"version": "2", "churn": pytest.approx(chance, abs=1e-4)}


@pytest.mark.parametrize("customer", [[], CUSTOMER | {"seats": "many"}, CUSTOMER | {"seats": -1}, {}])
def test_a_customer_who_is_not_described_is_refused(api: str, customer: object):
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(api.replace("/version", "/predict"), customer)
    refused.value.close()  # it holds the connection open
    assert refused.value.code == 400


def test_deploying_by_hand_takes_the_place_of_what_was_there(workspace: Path, tmp_path: Path):
    folder = tmp_path / "demo"
    shutil.copytree(workspace, folder)
    (folder / "deployed" / "prod" / "left.txt").touch()
    variables = {"LEAN_ARTIFACT": "registry/churn/1/model", "LEAN_VERSION": "1", "LEAN_ENVIRONMENT": "prod"}
    subprocess.run(["sh", "deploy.sh"], cwd=folder, env=os.environ | variables, capture_output=True, check=True)

    assert sorted(path.name for path in (folder / "deployed" / "prod").iterdir()) == ["VERSION", "model"]
    assert (folder / "deployed" / "prod" / "VERSION").read_text() == "1\n"
