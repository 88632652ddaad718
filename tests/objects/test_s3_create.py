"""Creating once on S3: tried before it is trusted, and what follows where it can't be."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import AlreadyThere, CreateUnsafe, ObjectsError, ObjectsForbidden
from lean_core.objects import find_files, forget_probes, remember_probes, remembered_probes, upload_files
from tests.ceph import Ceph
from tests.contract.backends import name_owner
from tests.http_stub import Answer, Request
from tests.objects.conftest import open_s3
from tests.objects.s3_stub import Bucket, is_conditional, refuse, s3_stub
from tests.swift import Swift

GUEST = {"AWS": ["arn:aws:iam:::user/guest"]}
UNSAFE = (
    r"can't promise for s3://\S+ that of two writers only one wins: if only one machine or CI job ever writes there,"
    r" say `single_writer = true` under \[registry\]; else use a server whose If-None-Match is atomic$"
)


def make_bucket(server: Ceph | Swift) -> tuple[str, Any]:
    client, name = server.client(), f"b{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name)
    return name, client


def everything_in(client: Any, bucket: str) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.mark.s3
def test_an_atomic_server_is_tried_once_and_nothing_is_left_of_it(as_owner: Ceph):
    bucket, client = make_bucket(as_owner)
    open_s3(as_owner.http, f"s3://{bucket}/registry").create("a", b"1")
    assert remembered_probes() == {f"{as_owner.http}/{bucket}": True}
    open_s3(as_owner.http, f"s3://{bucket}/registry").create("b", b"2")
    assert everything_in(client, bucket) == ["registry/a", "registry/b"]


@pytest.mark.s3
def test_a_server_that_lets_several_writers_win_is_not_written_to(swift: Swift, monkeypatch: pytest.MonkeyPatch):
    name_owner(swift, monkeypatch)
    bucket, client = make_bucket(swift)
    for _ in range(2):
        with pytest.raises(CreateUnsafe, match=UNSAFE):
            open_s3(swift.http, f"s3://{bucket}/registry").create("a", b"1")
    assert remembered_probes() == {f"{swift.http}/{bucket}": False}
    assert everything_in(client, bucket) == []


@pytest.mark.s3
def test_a_single_writer_may_write_there_and_still_overwrites_nothing(swift: Swift, monkeypatch: pytest.MonkeyPatch):
    name_owner(swift, monkeypatch)
    bucket, _ = make_bucket(swift)
    objects = open_s3(swift.http, f"s3://{bucket}/registry", single_writer=True)
    objects.create("a", b"1")
    with pytest.raises(AlreadyThere, match=r"registry/a is there already and was not changed"):
        objects.create("a", b"2")
    assert objects.read("a") == b"1"


@pytest.mark.s3
def test_an_answer_that_was_handed_in_is_believed(as_owner: Ceph):
    bucket, client = make_bucket(as_owner)
    objects = open_s3(as_owner.http, f"s3://{bucket}")
    remember_probes({f"{as_owner.http}/{bucket}": False})
    with pytest.raises(CreateUnsafe, match=UNSAFE):
        objects.create("a", b"1")
    forget_probes()
    objects.create("a", b"1")
    assert everything_in(client, bucket) == ["a"]


@pytest.mark.s3
def test_who_may_not_delete_can_write_all_the_same_and_does_not_see_what_the_probe_left(
    ceph: Ceph, monkeypatch: pytest.MonkeyPatch
):
    bucket, client = make_bucket(ceph)
    client.put_bucket_policy(Bucket=bucket, Policy=allow_guest(bucket, "s3:ListBucket", "s3:GetObject", "s3:PutObject"))
    name_guest(ceph, monkeypatch)
    objects = open_s3(ceph.http, f"s3://{bucket}/registry")
    objects.create("a", b"1")
    left = everything_in(client, bucket)
    assert len(left) > 1
    assert [info.key for info in objects.walk()] == ["a"]
    assert objects.list_folders() == []


@pytest.mark.s3
def test_who_may_not_write_is_told_so_by_the_probe(ceph: Ceph, monkeypatch: pytest.MonkeyPatch):
    bucket, client = make_bucket(ceph)
    client.put_bucket_policy(Bucket=bucket, Policy=allow_guest(bucket, "s3:ListBucket", "s3:GetObject"))
    name_guest(ceph, monkeypatch)
    with pytest.raises(ObjectsForbidden, match=r"forbids s3://\S+/a to these credentials: ask for s3:PutObject there"):
        open_s3(ceph.http, f"s3://{bucket}/registry").create("a", b"1")
    assert remembered_probes() == {}


@pytest.mark.s3
def test_the_rights_in_the_docs_are_enough_for_everything(ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bucket, client = make_bucket(ceph)
    text = (Path(__file__).parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")
    (policy,) = re.findall(r"```json\n(\{.*?\n\})\n```", text, flags=re.DOTALL)
    document = json.loads(policy.replace("our-models", bucket))
    for statement in document["Statement"]:
        statement["Principal"] = GUEST
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    name_guest(ceph, monkeypatch)
    objects = open_s3(ceph.http, f"s3://{bucket}/registry")
    (tmp_path / "model.bin").write_bytes(bytes(20_000_000))
    assert objects.stat("churn/1/version.json") is None
    upload_files(find_files(tmp_path), objects=objects, folder="churn/1", progress=lambda _: None)
    objects.create("churn/1/version.json", b"{}")
    assert objects.list_folders("churn/") == ["1"]
    assert sorted(info.key for info in objects.walk()) == ["churn/1/model.bin", "churn/1/version.json"]
    assert len(objects.read("churn/1/model.bin")) == 20_000_000


def allow_guest(bucket: str, *actions: str) -> str:
    everything = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    statement = {"Effect": "Allow", "Principal": GUEST, "Action": actions, "Resource": everything}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def name_guest(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ceph.guest.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ceph.guest.secret_key)


def refuse_conditions(bucket: Bucket, request: Request) -> Answer:
    return refuse(501, "NotImplemented") if is_conditional(request) else bucket.answer(request)


def overlook_conditions(bucket: Bucket, request: Request) -> Answer:
    return bucket.answer(request)


@pytest.mark.parametrize("answer", [refuse_conditions, overlook_conditions])
@pytest.mark.usefixtures("made_up_keys")
def test_a_server_that_does_not_know_conditions_is_written_to_by_a_single_writer_only(answer: Any):
    with s3_stub(answer) as (uri, bucket):
        with pytest.raises(CreateUnsafe, match=UNSAFE):
            open_s3(uri).create("a", b"1")
        assert bucket.objects == {}
        single = open_s3(uri, single_writer=True)
        single.create("a", b"1")
        with pytest.raises(AlreadyThere):
            single.create("a", b"2")
        assert bucket.objects == {"/bucket/registry/a": b"1"}


@pytest.mark.usefixtures("made_up_keys")
def test_an_answer_that_got_lost_does_not_make_our_own_object_somebody_elses():
    def lose_the_first_answer(bucket: Bucket, request: Request) -> Answer:
        if is_conditional(request) and request.path in bucket.objects:
            return refuse(412, "PreconditionFailed")
        answer = bucket.answer(request)
        return refuse(500, "InternalError") if is_conditional(request) else answer

    with s3_stub(lose_the_first_answer) as (uri, bucket):
        remember_probes({f"{uri}/bucket": True})
        open_s3(uri).create("a", b"ours")
        assert bucket.objects == {"/bucket/registry/a": b"ours"}
        bucket.objects["/bucket/registry/b"] = b"theirs"
        with pytest.raises(AlreadyThere):
            open_s3(uri).create("b", b"ours")


@pytest.mark.usefixtures("made_up_keys")
def test_a_put_that_met_another_at_the_same_moment_is_sent_again():
    def be_in_conflict(bucket: Bucket, request: Request) -> Answer:
        attempts = [each.path for each in bucket.requests].count(request.path)
        if is_conditional(request) and (attempts == 1 or request.path.endswith("always")):
            return refuse(409, "ConditionalRequestConflict")
        return bucket.answer(request)

    with s3_stub(be_in_conflict) as (uri, bucket):
        remember_probes({f"{uri}/bucket": True})
        objects = open_s3(uri)
        objects.create("a", b"1")
        assert bucket.objects == {"/bucket/registry/a": b"1"}
        with pytest.raises(ObjectsError, match=r"refused s3://\S+/always \(409 ConditionalRequestConflict\)"):
            objects.create("always", b"1")
