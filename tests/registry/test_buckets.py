from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from lean_core.errors import CredentialsRefused, NameRefused, ObjectsUnreachable, RootMissing
from lean_core.registry.buckets import Buckets
from tests.ceph import Ceph
from tests.contract.backends import name_owner


@pytest.fixture
def bucket(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a bucket with one file of data in a folder."""
    name_owner(ceph, monkeypatch)
    name = uuid.uuid4().hex
    ceph.client().create_bucket(Bucket=name)
    ceph.client().put_object(Bucket=name, Key="churn/2026/train.csv", Body=b"a,b\n")
    return name


@pytest.mark.s3
@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("/churn/2026/train.csv", True),
        ("/churn/2026", True),
        ("/churn/2026/", True),
        ("/churn", True),
        ("", True),
        ("/", True),
        ("/churn/2026/test.csv", False),
        ("/chur", False),
    ],
)
def test_an_object_or_anything_below_a_prefix_is_there(ceph: Ceph, bucket: str, path: str, exists: bool):
    assert Buckets(endpoint=ceph.http, region=ceph.region).exists(f"s3://{bucket}{path}") == exists


@pytest.mark.s3
def test_a_bucket_that_is_not_there_is_an_error(ceph: Ceph, bucket: str):
    with pytest.raises(RootMissing):
        Buckets(endpoint=ceph.http, region=ceph.region).exists(f"s3://{bucket}-gone/train.csv")


@pytest.mark.s3
def test_a_bucket_that_refuses_us_is_asked_once(ceph: Ceph, bucket: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    buckets = Buckets(endpoint=ceph.http, region=ceph.region)
    with pytest.raises(CredentialsRefused) as first:
        buckets.exists(f"s3://{bucket}/a.csv")
    with pytest.raises(CredentialsRefused) as second:
        buckets.exists(f"s3://{bucket}/b.csv")
    assert second.value is first.value


def test_a_server_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    buckets = Buckets(endpoint="http://127.0.0.1:1", region="default")
    with pytest.raises(ObjectsUnreachable):
        buckets.exists("s3://data/train.csv")


def test_a_uri_without_a_bucket_is_refused():
    with pytest.raises(NameRefused):
        Buckets().exists("s3:///train.csv")
