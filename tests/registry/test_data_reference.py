from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, UsageError
from lean_core.registry import Data
from lean_core.registry.data_reference import describe_data, find_local, parse_data_reference
from lean_core.registry.hashing import hash_folder

SHA = "sha256:" + "a" * 64


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def described(text: str, folder: Path, root: Path | None) -> Data:
    data = parse_data_reference(text)
    return describe_data(data, find_local(data, folder), root=root)


@pytest.mark.parametrize(
    ("text", "name", "ref", "says"),
    [
        ("train=s3://bucket/a=b/train.parquet", "train", "s3://bucket/a=b/train.parquet", None),
        (f"train=s3://bucket/train.parquet@{SHA}", "train", "s3://bucket/train.parquet", SHA),
        (f"train=x@{SHA.upper().replace('SHA256', 'sha256')}", "train", "x", SHA),
        ("train=x@md5:1B2c==", "train", "x", "md5:1B2c=="),
        ("train=ana@host:data.csv", "train", "ana@host:data.csv", None),
        (" train = warehouse.table_v3 ", "train", "warehouse.table_v3", None),
    ],
)
def test_a_reference_is_a_name_and_a_place_and_maybe_a_digest(text: str, name: str, ref: str, says: str | None):
    assert parse_data_reference(text) == Data(name=name, ref=ref, digest=says)


@pytest.mark.parametrize("text", ["", "train", "train=", "=ref", "a=b\nc"])
def test_anything_else_says_how_it_is_written(text: str):
    with pytest.raises(UsageError, match="write NAME=REF"):
        parse_data_reference(text)


def test_half_a_digest_is_refused():
    with pytest.raises(UsageError, match="64 hex digits"):
        parse_data_reference("train=x@sha256:abc")


def test_a_file_in_the_repository_is_named_from_its_root_and_hashed(tmp_path: Path):
    (tmp_path / "repo" / "data").mkdir(parents=True)
    (tmp_path / "repo" / "data" / "train.csv").write_text("1\n")
    for text, folder in (("data/train.csv", "repo"), ("train.csv", "repo/data"), ("../data/./train.csv", "repo/data")):
        found = described(f"train={text}", tmp_path / folder, tmp_path / "repo")
        assert found == Data(name="train", ref="data/train.csv", digest=digest("1\n"))


def test_a_file_elsewhere_is_named_as_it_was_and_hashed(tmp_path: Path):
    (tmp_path / "repo").mkdir()
    (tmp_path / "train.csv").write_text("1\n")
    ref = f"file://{tmp_path}/train.csv"
    assert described(f"train={ref}", tmp_path, tmp_path / "repo") == Data(name="train", ref=ref, digest=digest("1\n"))
    assert described("train=train.csv", tmp_path, None) == Data(name="train", ref="train.csv", digest=digest("1\n"))


def test_a_link_in_the_repository_is_named_where_it_is(tmp_path: Path):
    (tmp_path / "repo").mkdir()
    (tmp_path / "big.csv").write_text("1\n")
    (tmp_path / "repo" / "train.csv").symlink_to(tmp_path / "big.csv")
    found = described("train=train.csv", tmp_path / "repo", tmp_path / "repo")
    assert found == Data(name="train", ref="train.csv", digest=digest("1\n"))


def test_a_folder_is_hashed_over_its_files(tmp_path: Path):
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "data" / "inner" / "x").write_text("1")
    found = described("train=data", tmp_path, tmp_path)
    assert found == Data(name="train", ref="data", digest=f"sha256:{hash_folder(tmp_path / 'data')}")
    (tmp_path / "data" / "all").symlink_to(tmp_path)
    with pytest.raises(NameRefused):
        described("train=data", tmp_path, tmp_path)


def test_a_digest_that_does_not_hold_is_refused(tmp_path: Path):
    (tmp_path / "train.csv").write_text("1\n")
    assert described(f"train=train.csv@{digest('1' + chr(10))}", tmp_path, None).digest == digest("1\n")
    with pytest.raises(UsageError, match=r"train\.csv has sha256:\S+, not sha256:aaa"):
        described(f"train=train.csv@{SHA}", tmp_path, None)


@pytest.mark.parametrize(
    "ref", ["s3://bucket/x", "https://host/x?sig=1", "gs://b/x", "data/gone.csv", "a\0b", "x" * 5000]
)
def test_what_is_not_here_stays_as_it_is(tmp_path: Path, ref: str):
    data = Data(name="train", ref=ref)
    assert find_local(data, tmp_path) is None
    assert describe_data(data, None, root=tmp_path) == data


def test_secrets_are_not_recorded(tmp_path: Path):
    found = described("train=postgresql://ana:s3cret@host/db?table=x", tmp_path, None)
    assert found.ref == "postgresql://ana:***@host/db?table=x"
