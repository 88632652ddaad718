"""Make registries of a stated size by the convention, with the repository and the data that their records name."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lean_core.registry import (
    Artifact,
    Code,
    Data,
    Environment,
    Metrics,
    Record,
    hash_bytes,
    record_key,
    render_record,
)

MODELS = 10
METRICS = PARAMS = 10
ARTIFACT_BYTES = 2_000
FIRST = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the registry's times are naive UTC
LOCK = b"scikit-learn==1.7.2\n" * 50


def make_project(folder: Path) -> str:
    """Make the new folder a repository with one commit and a file of data in it; return the commit."""
    folder.mkdir(parents=True)
    (folder / "train.csv").write_text("a,b\n", encoding="utf-8")
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for arguments in (["init", "--quiet"], ["add", "."], [*who, "commit", "--quiet", "--message", "data"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
    done = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def make_registry(folder: Path, *, versions: int, commit: str) -> None:
    """Write that many versions, each with an artifact, a metrics file and a lock file, below a folder."""
    for key, content in objects_of(versions, commit):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def upload_registry(client: Any, bucket: str, *, versions: int, commit: str) -> None:  # noqa: ANN401 - boto3's client
    """Put the same objects into a new bucket."""
    client.create_bucket(Bucket=bucket)
    with ThreadPoolExecutor(16) as threads:
        list(
            threads.map(
                lambda each: client.put_object(Bucket=bucket, Key=each[0], Body=each[1]), objects_of(versions, commit)
            )
        )


def name_registry(workspace: Path, uri: str, *, project: Path, endpoint: str = "", region: str = "") -> None:
    """Write a lean.toml that names a registry and the repository of its commits."""
    lines = ["[workspace]", f'repository = "{project}"', "[registry]", f'uri = "{uri}"']
    lines += [f'{key} = "{value}"' for key, value in (("endpoint", endpoint), ("region", region)) if value]
    (workspace / "lean.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")


def objects_of(versions: int, commit: str) -> Iterator[tuple[str, bytes]]:
    """Yield the objects of a registry of that many versions."""
    for number in range(versions):
        model, version = f"model-{number % MODELS}", f"{number // MODELS + 1}"
        seeded = random.Random(number)  # noqa: S311 - values of a benchmark, not secrets
        metrics = json.dumps({f"metric_{key:02}": seeded.random() for key in range(METRICS)}).encode()
        files = {"model.bin": seeded.randbytes(ARTIFACT_BYTES), "metrics.json": metrics, "requirements.lock": LOCK}
        record = Record(
            model=model,
            version=version,
            artifact=Artifact(path="model.bin", sha256=hash_bytes(files["model.bin"]), bytes=ARTIFACT_BYTES),
            code=Code(commit=commit, dirty=False),
            data=(Data(name="train", ref="train.csv"),),
            metrics=Metrics(path="metrics.json", sha256=hash_bytes(metrics)),
            params={f"param_{key:02}": seeded.randrange(1000) / 1000 for key in range(PARAMS)},
            environment=Environment(python="3.11.9", lockfile="requirements.lock", sha256=hash_bytes(LOCK)),
            owner="ana",
            note="nightly job",
            created_at=FIRST + dt.timedelta(hours=number),
            created_by="ana",
        )
        for name, content in files.items():
            yield f"{model}/{version}/{name}", content
        yield record_key(model, version), render_record(record)
