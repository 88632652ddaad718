"""Records and events: one of each, full, and strategies that make any."""

from __future__ import annotations

import datetime as dt
import string

from hypothesis import strategies as st

from lean_core.registry import (
    Adopted,
    Approval,
    Artifact,
    Attestation,
    CheckResult,
    Code,
    Data,
    Deployment,
    Drill,
    Environment,
    Event,
    Gate,
    Metrics,
    MlflowVersion,
    Origin,
    Record,
    Waiver,
    Withdrawal,
)

AT = dt.datetime(2026, 11, 23, 20, 15, 2, 123_000)

FULL_RECORD = Record(
    model="churn",
    version="2026.11.1",
    artifact=Artifact(path="model.pkl", sha256="a" * 64, bytes=48_213, format="pickle"),
    code=Code(commit="0123456789abcdef0123456789abcdef01234567", repo="git@example.org:shop/churn.git", dirty=False),
    data=(
        Data(
            name="train", ref="s3://shop-data/churn/2026-11-20.parquet", digest="sha256:" + "d" * 64, as_of="2026-11-20"
        ),
        Data(name="test", ref="data/test.csv"),
    ),
    metrics=Metrics(path="metrics.json", sha256="b" * 64),
    params={"max_depth": 4, "eta": 0.1, "objective": "binary:logistic", "seed": None, "features": ["age", "plan"]},
    environment=Environment(python="3.11.9", lockfile="requirements.lock", sha256="c" * 64),
    run=Origin(source="local", run_id="f" * 32),
    owner="Ana Pérez",
    note="Batch job `score-customers`, nightly; the API reads its table.",
    created_at=AT,
    created_by="ana",
    mlflow=MlflowVersion(source="local", model="churn", version="12", aliases=("champion",), stage="Production"),
    adopted=Adopted(kind="mlflow", found={"artifact": "MLmodel, artifact_path"}, made_at="2026-11-20 10:00:00"),
)


def event_id(kind: str, environment: str = "prod") -> str:
    return f"20261123T201502123Z-{kind}-{environment}-4f1c2a"


def shared(kind: str, environment: str | None = "prod") -> dict:
    return {
        "id": event_id(kind, environment or "all"),
        "at": AT,
        "actor": "ana",
        "model": "churn",
        "version": "2026.11.1",
        "environment": environment,
    }


EVENTS: tuple[Event, ...] = (
    Deployment(
        **shared("deployment"),
        outcome="succeeded",
        how="https://ci.example.org/shop/churn/runs/81",
        target="https://api.example.org/churn",
        note="first with the new plan feature",
        gate=event_id("gate"),
        reason="the gate's data check could not run, and customers wait",
        rollback_of="2026.10.2",
        skipped=("test",),
        seconds=41.5,
        exit_code=0,
        tail="deployed to 2 hosts",
    ),
    Gate(
        **shared("gate"),
        verdict="fail",
        policy_sha256="e" * 64,
        baseline="2026.10.2",
        checks=(
            CheckResult(
                name="metric:auc",
                verdict="pass",
                value=0.91,
                threshold=">= 0.85",
                reason="auc is 0.91",
                evidence=("churn/2026.11.1/metrics.json sha256:" + "b" * 64,),
            ),
            CheckResult(name="data:train", verdict="unknown", reason="The table is not there."),
            CheckResult(name="signal:revenue", verdict="fail", value="none", waived_by=event_id("waiver")),
        ),
    ),
    Approval(**shared("approval"), by="ben", saw=(event_id("gate"),), note="looks right", self=True),
    Attestation(**shared("attestation"), item="model card is written", by="ana", note="docs/card.md"),
    Waiver(
        **shared("waiver"),
        check="signal:revenue",
        reason="labels arrive in December",
        by="ben",
        expires_at=dt.datetime(2026, 12, 15, 12),
    ),
    Withdrawal(**shared("withdrawal", None), reason="it was trained on customers who had objected"),
    Drill(
        **shared("drill"),
        from_version="2026.11.2",
        to_version="2026.11.1",
        outcome="failed",
        seconds=3.25,
        reason="the lock file is not there",
    ),
)

TIMES = st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)).map(
    lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)
)
NAMES = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", fullmatch=True).filter(lambda name: name != "trail")
TEXTS = st.text(min_size=1, max_size=20)
SHA256 = st.text("0123456789abcdef", min_size=64, max_size=64)
COMMITS = st.text("0123456789abcdef", min_size=40, max_size=40)
VERDICTS = st.sampled_from(["pass", "fail", "unknown"])
OUTCOMES = st.sampled_from(["succeeded", "failed"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | NUMBERS | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


RECORDS = st.builds(
    Record,
    model=NAMES,
    version=NAMES,
    artifact=maybe(
        st.builds(Artifact, path=TEXTS, sha256=maybe(SHA256), bytes=maybe(st.integers(0, 2**60)), format=maybe(TEXTS))
    ),
    code=maybe(st.builds(Code, commit=COMMITS, repo=maybe(TEXTS), dirty=maybe(st.booleans()))),
    data=st.lists(st.builds(Data, name=TEXTS, ref=TEXTS, digest=maybe(TEXTS), as_of=maybe(TEXTS)), max_size=3).map(
        tuple
    ),
    metrics=maybe(st.builds(Metrics, path=TEXTS, sha256=maybe(SHA256))),
    params=st.dictionaries(st.text(max_size=5), JSON, max_size=4),
    environment=maybe(st.builds(Environment, python=TEXTS, lockfile=maybe(TEXTS), sha256=maybe(SHA256))),
    run=maybe(st.builds(Origin, source=TEXTS, run_id=TEXTS)),
    owner=maybe(TEXTS),
    note=maybe(TEXTS),
    created_at=maybe(TIMES),
    created_by=maybe(TEXTS),
    mlflow=maybe(
        st.builds(
            MlflowVersion,
            source=TEXTS,
            model=TEXTS,
            version=TEXTS,
            aliases=st.lists(TEXTS, max_size=2).map(tuple),
            stage=maybe(TEXTS),
        )
    ),
    adopted=maybe(
        st.builds(Adopted, kind=TEXTS, found=st.dictionaries(TEXTS, TEXTS, max_size=2), made_at=maybe(TEXTS))
    ),
)

_SHARED = {
    "id": st.integers(0, 16**8 - 1).map(lambda number: f"{event_id('any')[:-6]}{number:08x}"),
    "at": TIMES,
    "actor": TEXTS,
    "model": NAMES,
    "version": NAMES,
    "environment": maybe(st.text(string.ascii_lowercase, min_size=1, max_size=5)),
}
_SAID = st.lists(TEXTS, max_size=2).map(tuple)
_CHECKS = st.builds(
    CheckResult,
    name=TEXTS,
    verdict=VERDICTS,
    value=maybe(NUMBERS | TEXTS),
    threshold=maybe(TEXTS),
    reason=st.text(max_size=10),
    evidence=_SAID,
    waived_by=maybe(TEXTS),
)
ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Deployment,
        **_SHARED,
        outcome=OUTCOMES,
        how=maybe(TEXTS),
        target=maybe(TEXTS),
        note=maybe(TEXTS),
        gate=maybe(TEXTS),
        reason=maybe(TEXTS),
        rollback_of=maybe(NAMES),
        skipped=_SAID,
        seconds=maybe(NUMBERS),
        exit_code=maybe(st.integers(-64, 255)),
        tail=maybe(TEXTS),
    ),
    st.builds(
        Gate,
        **_SHARED,
        verdict=VERDICTS,
        policy_sha256=SHA256,
        baseline=maybe(NAMES),
        checks=st.lists(_CHECKS, max_size=3).map(tuple),
    ),
    st.builds(Approval, **_SHARED, by=TEXTS, saw=_SAID, note=maybe(TEXTS), self=st.booleans()),
    st.builds(Attestation, **_SHARED, item=TEXTS, by=TEXTS, note=maybe(TEXTS)),
    st.builds(Waiver, **_SHARED, check=TEXTS, reason=TEXTS, by=TEXTS, expires_at=TIMES),
    st.builds(Withdrawal, **_SHARED, reason=TEXTS),
    st.builds(
        Drill,
        **_SHARED,
        from_version=NAMES,
        to_version=NAMES,
        outcome=OUTCOMES,
        seconds=NUMBERS,
        reason=maybe(TEXTS),
    ),
)
