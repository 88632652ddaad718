from __future__ import annotations

import dataclasses

from lean_core.releases import Observation, build_matrix
from tests.releases.builders import a_deployment, a_trail, on

SEEN = Observation(
    model="churn",
    environment="prod",
    state="agree",
    declared="12",
    observed="12",
    sentence="churn in prod runs 12, as declared.",
    observed_at=on(1),
    asked="http://localhost/version",
)


def test_models_and_environments_stand_side_by_side():
    trails = [
        a_trail(a_deployment("12"), a_deployment("13", environment="dev")),
        dataclasses.replace(a_trail(), model="fraud"),
    ]
    matrix = build_matrix(trails, order=("dev", "test", "prod"), observations={("churn", "prod"): SEEN})
    assert matrix.environments == ("dev", "test", "prod")
    assert [[cell.state.live.version if cell.state.live else None for cell in row.cells] for row in matrix.rows] == [
        ["13", None, "12"],
        [None, None, None],
    ]
    assert [cell.observation for cell in matrix.rows[0].cells] == [None, None, SEEN]


def test_an_environment_that_only_a_trail_names_comes_last():
    matrix = build_matrix([a_trail(a_deployment(environment="canary"))], order=("dev",), observations={})
    assert matrix.environments == ("dev", "canary")


def test_drift_is_known_only_where_something_was_seen():
    drift = {}
    for state in ("agree", "disagree", "undeclared", "unobservable"):
        seen = dataclasses.replace(SEEN, state=state)
        matrix = build_matrix([a_trail()], order=("prod",), observations={("churn", "prod"): seen})
        drift[state] = matrix.rows[0].cells[0].drift
    assert drift == {"agree": False, "disagree": True, "undeclared": True, "unobservable": None}
    assert build_matrix([a_trail()], order=("prod",), observations={}).rows[0].cells[0].drift is None
