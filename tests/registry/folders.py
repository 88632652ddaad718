"""A registry in a folder, made by hand as the convention says, valid by default."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

from lean_core.registry import (
    Artifact,
    Code,
    Data,
    Environment,
    Event,
    Metrics,
    Record,
    Withdrawal,
    event_key,
    hash_bytes,
    record_key,
    render_event,
    render_record,
)
from tests.registry.values import AT, event_id

FILES = {
    "model.pkl": b"\x80\x04 not to be loaded",
    "metrics.json": b'{"auc": 0.91, "loss": NaN}',
    "requirements.lock": b"scikit-learn==1.7.2\n",
}


def a_record(model: str = "churn", version: str = "1", **fields: object) -> Record:
    """Return a record that fills all seven fields and fits `FILES`."""
    hashes = {path: hash_bytes(content) for path, content in FILES.items()}
    record = Record(
        model=model,
        version=version,
        artifact=Artifact(path="model.pkl", sha256=hashes["model.pkl"], bytes=len(FILES["model.pkl"]), format="pickle"),
        code=Code(commit="0123456789abcdef0123456789abcdef01234567", dirty=False),
        data=(Data(name="train", ref="data/train.csv"),),
        metrics=Metrics(path="metrics.json", sha256=hashes["metrics.json"]),
        params={"depth": 4},
        environment=Environment(python="3.11.9", lockfile="requirements.lock", sha256=hashes["requirements.lock"]),
        owner="ana",
        note="nightly job",
        created_at=AT,
        created_by="ana",
    )
    return replace(record, **fields)


def write(root: Path, key: str, content: bytes | str, *, at: dt.datetime = AT) -> Path:
    """Write a file with a time stamp of its own."""
    path = root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    stamp = at.replace(tzinfo=dt.UTC).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def write_version(
    root: Path, record: Record | None = None, *, files: dict[str, bytes] = FILES, at: dt.datetime = AT
) -> Record:
    """Write a version: its files, and the record that describes them."""
    record = record or a_record()
    for path, content in files.items():
        write(root, f"{record.model}/{record.version}/{path}", content, at=at)
    write(root, record_key(record.model, record.version), render_record(record), at=at)
    return record


def write_event(root: Path, event: Event | None = None, *, at: dt.datetime = AT) -> Event:
    """Write an event into the trail of its model."""
    event = event or a_withdrawal()
    write(root, event_key(event.model, event.id), render_event(event), at=at)
    return event


def a_withdrawal(version: str = "1", *, number: int = 1, at: dt.datetime = AT) -> Event:
    """Return an event that needs nothing but a version."""
    name = f"{event_id('withdrawal')[:-6]}{number:06x}"
    return Withdrawal(id=name, at=at, actor="ana", model="churn", version=version, reason="wrong data")
