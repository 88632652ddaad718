from __future__ import annotations

import dataclasses
import math

import pytest

from lean_core.registry import Artifact, Code, Data, Environment, Record, Version
from lean_core.releases.difference import (
    NAMES,
    CodeChange,
    Difference,
    Item,
    Packages,
    Side,
    compare_versions,
    describe_side,
)
from tests.registry.folders import a_record
from tests.releases.builders import POLICY, a_deployment, a_gate, a_trail, an_approval

DATA = (Data(name="train", ref="data/train.csv", digest="sha256:" + "a" * 64),)
METRICS = {"auc": 0.9, "loss": math.nan}
LOCKED = Packages(versions={"numpy": "2.3.0", "pandas": "3.0.1"})
EVENTS = [
    event
    for version in ("12", "13")
    for event in (a_gate(version), an_approval(version), a_deployment(version, day=int(version)))
]


def a_side(name: str, *events, record: Record | None = None, **fields) -> Side:
    packages = fields.pop("packages", LOCKED)
    given = {"state": "recorded", "record": record or a_record(version=name, data=DATA), "metrics": METRICS} | fields
    return describe_side(
        Version(model="churn", version=name, **given), packages, a_trail(*(events or EVENTS)), environment="prod"
    )


def difference(record: Record | None = None, *, code: CodeChange | None = None, **fields) -> Difference:
    """Hold version 12, which is as it is by default, against a 13 that may be otherwise."""
    return compare_versions(a_side("12"), a_side("13", record=record, **fields), code or CodeChange())


def item(name: str, record: Record | None = None, **fields) -> Item:
    return next(each for each in difference(record, **fields).items if each.name == name)


def a_13(**fields) -> Record:
    return a_record(version="13", **{"data": DATA} | fields)


def test_two_versions_that_are_alike_are_the_same_in_everything():
    found = difference()
    assert [each.name for each in found.items] == list(NAMES)
    assert {each.status for each in found.items} == {"same"}


def test_what_changed_comes_first_then_what_is_not_known_then_the_rest():
    found = difference(a_13(params={"depth": 6}, artifact=None))
    assert [(each.name, each.status) for each in found.items[:3]] == [
        ("params", "changed"),
        ("artifact", "unknown"),
        ("commits", "same"),
    ]


def test_params_say_what_became_what():
    found = item("params", a_13(params={"depth": 6, "eta": 0.1}))
    assert (found.status, found.sentence) == ("changed", "2 of 2 params changed: depth 4 → 6; eta is new (0.1).")
    assert item("params", a_13(params={"depth": 4.0})).status == "same"
    assert item("params", a_13(params={"depth": "4"})).status == "changed"
    assert item("params", a_13(params={"depth": [1, {"a": None}]})).values[0].after == '[1, {"a": null}]'


def test_params_that_a_record_does_not_have_are_unknown():
    assert item("params", a_13(params={})).sentence == "Nothing can be said: 13 names no params."


def test_metrics_are_compared_as_numbers_and_nan_is_nan():
    assert item("metrics").status == "same"
    found = item("metrics", metrics={"auc": 0.91, "loss": 0.2})
    assert (found.status, [value.key for value in found.values]) == ("changed", ["auc", "loss"])
    assert "loss NaN → 0.2" in found.sentence
    gone = item("metrics", metrics={"auc": -math.inf})
    assert gone.sentence == "2 of 2 metrics changed: auc 0.9 → -Infinity; loss is gone (was NaN)."
    assert item("metrics", metrics={}, metrics_problem="metrics.json is not JSON").sentence == (
        "The metrics of 13 are not known: metrics.json is not JSON."
    )


def data(**fields) -> Record:
    return a_13(data=(Data(**{"name": "train", "ref": "data/train.csv"} | fields),))


def test_data_is_the_same_only_if_its_digest_is():
    sha256, md5 = "sha256:" + "a" * 64, "md5:" + "a" * 32

    def status(before: Record, after: Record) -> str:
        sides = [a_side(name, record=dataclasses.replace(each, version=name)) for name, each in
                 (("12", before), ("13", after))]  # fmt: skip
        return next(each.status for each in compare_versions(*sides, CodeChange()).items if each.name == "data")

    assert status(data(digest=sha256), data(digest=sha256)) == "same"
    assert status(data(digest=sha256), data(digest=sha256, ref="s3://data/train.csv")) == "same"
    assert status(data(digest=sha256), data(digest="sha256:" + "b" * 64)) == "changed"
    assert status(data(digest=sha256), data(digest=md5)) == "unknown"
    assert status(data(), data(digest=sha256)) == "unknown"
    assert status(data(), data()) == "unknown"
    assert status(data(), data(ref="data/new.csv")) == "changed"
    assert status(data(), data(name="other")) == "changed"


def test_an_artifact_is_the_same_only_if_its_hash_is():
    other = Artifact(path="model.pkl", sha256="f" * 64)
    renamed = dataclasses.replace(a_record().artifact, path="best.pkl")  # type: ignore[type-var]
    assert item("artifact", a_13(artifact=other)).status == "changed"
    assert item("artifact", a_13(artifact=renamed)).status == "same"
    assert item("artifact", a_13(artifact=Artifact(path="model.pkl"))).status == "unknown"


def packages(after: Packages, *, python: str = "3.11.9") -> Item:
    return item(
        "packages", a_13(environment=Environment(python=python, lockfile="uv.lock", sha256="e" * 64)), packages=after
    )


def test_packages_say_what_became_what():
    found = packages(Packages(versions={"numpy": "2.4.0", "scipy": "1.17"}))
    assert found.sentence == (
        "3 of 4 packages changed: numpy 2.3.0 → 2.4.0; pandas is gone (was 3.0.1); scipy is new (1.17)."
    )
    assert packages(LOCKED).status == "same"
    assert packages(LOCKED, python="3.12.1").sentence == "1 of 3 packages changed: python 3.11.9 → 3.12.1."


def test_packages_that_can_not_be_read_are_unknown_unless_the_lock_file_is_the_same():
    missing = Packages(problem="its record names no lock file")
    assert packages(missing).sentence == "The packages can't be compared (13: its record names no lock file)."
    assert packages(missing, python="3.12.1").status == "changed"
    assert item("packages", packages=missing).sentence == "The lock file is the same."


@pytest.mark.parametrize(
    ("before", "after", "status", "words"),
    [
        (Code(commit="a" * 40, dirty=False), Code(commit="a" * 40, dirty=False), "same", "Both were made from commit"),
        (Code(commit="a" * 40, dirty=True), Code(commit="a" * 40, dirty=False), "unknown", "12 had changes that no"),
        (Code(commit="a" * 40, dirty=None), Code(commit="a" * 40, dirty=False), "unknown", "is not recorded"),
        (Code(commit="a" * 40), Code(), "unknown", "No commit is recorded for 13"),
        (None, None, "unknown", "No commit is recorded for 12 and 13"),
        (
            Code(commit="a" * 40, dirty=False),
            Code(commit="b" * 40, dirty=True),
            "changed",
            "13 had changes that no commit",
        ),
    ],
)
def test_commits_are_the_same_only_if_nothing_was_uncommitted(before, after, status: str, words: str):
    sides = [a_side(name, record=a_record(version=name, code=code)) for name, code in (("12", before), ("13", after))]
    found = next(each for each in compare_versions(*sides, CodeChange()).items if each.name == "commits")
    assert found.status == status
    assert words in found.sentence


def test_the_deploy_command_of_the_newest_deployment_is_compared():
    changed = [a_deployment("13", day=20, how="make ship"), *EVENTS]
    side = a_side("13", *changed)
    found = {each.name: each for each in compare_versions(a_side("12"), side, CodeChange()).items}["deploy command"]
    assert (found.status, found.values[0].before, found.values[0].after) == ("changed", "make deploy", "make ship")
    for events, words in (
        ([a_gate("13")], "No deployment of 13 to prod is recorded"),
        ([a_deployment("13", how=None)], "How 13 was deployed to prod was not recorded"),
    ):
        items = compare_versions(a_side("12"), a_side("13", *events), CodeChange()).items
        found = {each.name: each for each in items}["deploy command"]
        assert found.status == "unknown"
        assert words in found.sentence


def test_the_policy_is_that_of_the_gate_on_which_the_deployment_rested():
    old, new = a_gate("13", policy_sha256="b" * 64), a_gate("13", day=50)
    side = a_side("13", old, new, a_deployment("13", day=1, gate=old.id))
    found = {each.name: each for each in compare_versions(a_side("12"), side, CodeChange()).items}["gate policy"]
    assert (found.status, found.values[0].before, found.values[0].after) == ("changed", POLICY, "b" * 64)
    side = a_side("13", a_deployment("13"))
    found = {each.name: each for each in compare_versions(a_side("12"), side, CodeChange()).items}["gate policy"]
    assert (found.status, found.sentence) == ("unknown", "No gate for prod has judged 13.")


def test_approvers_are_named_and_an_own_version_is_marked():
    side = a_side("13", an_approval("13", by="ana", self=True), an_approval("13", by="cleo"))
    found = {each.name: each for each in compare_versions(a_side("12"), side, CodeChange()).items}["approver"]
    assert found.sentence == "12 was approved by ben, 13 by ana (own version), cleo."
    nobody = [a_side(name, a_gate(name)) for name in ("12", "13")]
    found = {each.name: each for each in compare_versions(*nobody, CodeChange()).items}["approver"]
    assert (found.status, found.sentence) == ("same", "Nobody approved either.")


def test_a_record_that_can_not_be_read_leaves_what_it_would_say_unknown():
    broken = a_side("13", state="unreadable", problem="version.json is damaged")
    broken = dataclasses.replace(broken, version=dataclasses.replace(broken.version, record=None))
    found = {each.name: each for each in compare_versions(a_side("12"), broken, CodeChange()).items}
    assert {name: each.status for name, each in found.items() if each.status == "unknown"} == dict.fromkeys(
        NAMES[:6], "unknown"
    )
    assert found["data"].sentence == "The record of 13 can't be used: version.json is damaged."
    assert found["deploy command"].status == "same"
