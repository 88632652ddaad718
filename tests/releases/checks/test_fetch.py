from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.errors import ObjectsError
from lean_core.objects import LocalObjects
from lean_core.releases.checks.fetch import fetch_table


@pytest.fixture
def fetch(tmp_path: Path):
    """Return a function that fetches from buckets which are folders."""
    for key in ("data/t.parquet", "data/2026/a.csv", "data/2026/b.csv", "data/2026/c/d.csv", "top.csv"):
        path = tmp_path / "bucket" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key)

    def run(address: str) -> list[str]:
        def open_at(uri: str) -> LocalObjects:
            return LocalObjects(tmp_path / uri.removeprefix("s3://"))

        paths = fetch_table(open_at, address, tmp_path / "into")
        return [path.read_text() for path in paths]

    return run


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("s3://bucket/data/t.parquet", ["data/t.parquet"]),
        ("s3://bucket/top.csv", ["top.csv"]),
        ("s3://bucket/data/2026/*.csv", ["data/2026/a.csv", "data/2026/b.csv"]),
        ("s3://bucket/data/*/a.csv", ["data/2026/a.csv"]),
        ("s3://bucket/data/**.csv", ["data/2026/a.csv", "data/2026/b.csv", "data/2026/c/d.csv"]),
        ("s3://bucket/data/gone.csv", []),
        ("s3://bucket/data/*.csv", []),
    ],
)
def test_an_address_means_these_objects(fetch, address: str, keys: list[str]):
    assert fetch(address) == keys


def test_a_bucket_that_is_not_there_is_an_error(fetch):
    with pytest.raises(ObjectsError):
        fetch("s3://nowhere/t.csv")
