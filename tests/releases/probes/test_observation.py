from __future__ import annotations

import pytest

from lean_core.releases.probes import Said, Silent, judge
from tests.releases.builders import on

ARTIFACTS = {"12": "a" * 64, "13": "b" * 64, "14": None}


def seen(reading, *, declared: str | None = "13"):
    return judge(
        reading, about=("churn", "prod"), declared=declared, artifacts=ARTIFACTS, asked=("http://api/version", on(1))
    )


def version(text: str) -> Said:
    return Said(text=text, kind="version")


def digest(text: str) -> Said:
    return Said(text=text * 64, kind="digest")


@pytest.mark.parametrize(
    ("reading", "declared", "state", "observed", "sentence"),
    [
        (version("13"), "13", "agree", "13", "churn in prod runs 13, as declared."),
        (version("12"), "13", "disagree", "12", "churn in prod runs 12, but 13 is declared live."),
        (
            version("v13"),
            "13",
            "disagree",
            "v13",
            "churn in prod runs v13, which is no version in the registry, but 13 is declared live.",
        ),
        (version("12"), None, "undeclared", "12", "churn in prod runs 12, and no deployment there is recorded."),
        (digest("b"), "13", "agree", "13", "churn in prod runs 13, as declared."),
        (digest("a"), "13", "disagree", "12", "churn in prod runs 12, but 13 is declared live."),
        (
            digest("c"),
            "13",
            "disagree",
            None,
            (
                "churn in prod runs an artifact that no version in the registry has (cccccccccccc…), "
                "but 13 is declared live."
            ),
        ),
        (
            digest("c"),
            "14",
            "unobservable",
            None,
            (
                "Whether churn in prod runs 14 can't be told: it runs an artifact that no version in the registry has "
                "(cccccccccccc…), and the record of 14 has no sha256."
            ),
        ),
        (digest("a"), "14", "disagree", "12", "churn in prod runs 12, but 14 is declared live."),
        (
            Silent(reason="it failed (status 500)"),
            "13",
            "unobservable",
            None,
            "What churn in prod runs can't be seen: it failed (status 500).",
        ),
        (
            None,
            "13",
            "unobservable",
            None,
            ("What churn in prod runs is not observed: no probe is set; add [probes.churn.prod] to lean.toml."),
        ),
    ],
)
def test_each_state_has_its_sentence(reading, declared, state, observed, sentence):
    found = seen(reading, declared=declared)
    assert (found.state, found.observed, found.sentence) == (state, observed, sentence)
    assert (found.declared, found.observed_at, found.asked) == (declared, on(1), "http://api/version")


def test_of_two_versions_with_the_same_artifact_the_declared_one_is_meant():
    artifacts = {"12": "a" * 64, "13": "a" * 64}
    for declared in artifacts:
        found = judge(digest("a"), about=("churn", "prod"), declared=declared, artifacts=artifacts, asked=(None, on(0)))
        assert found.state == "agree"
