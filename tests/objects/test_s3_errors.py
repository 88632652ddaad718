"""What can go wrong between us and an S3 server: each has its own error and its own sentence."""

from __future__ import annotations

import json
import re
import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lean_core.errors import (
    CertificateRefused,
    CredentialsMissing,
    CredentialsRefused,
    NameRefused,
    ObjectsError,
    ObjectsForbidden,
    ObjectsMissing,
    ObjectsUnreachable,
    RootMissing,
)
from lean_core.objects import Objects, find_files, open_objects, s3_client, upload_files
from tests.ceph import Ceph
from tests.http_stub import Answer, refused, silence
from tests.objects.conftest import open_s3
from tests.objects.s3_stub import refuse, s3_stub

ATTEMPTS = s3_client.ATTEMPTS
pytestmark = pytest.mark.usefixtures("made_up_keys", "_one_attempt")


@pytest.fixture
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without the pause between two, except where they are what is tested."""
    monkeypatch.setattr("lean_core.objects.s3_client.ATTEMPTS", 1)


def uses(objects: Objects, file: Path) -> Iterator[Any]:
    """Yield everything that asks something of the server."""
    yield lambda: list(objects.walk())
    yield objects.list_folders
    yield lambda: objects.stat("a")
    yield lambda: objects.known_sha256("a")
    yield lambda: objects.read("a")
    yield lambda: objects.read("a", limit=5)
    yield lambda: objects.open("a")
    yield lambda: objects.create("a", b"")
    yield lambda: objects.upload(file, "a", progress=lambda _: None)
    yield lambda: upload_files(find_files(file), objects=objects, folder="a", progress=lambda _: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"payload")
    return tmp_path / "file"


def check_all(objects: Objects, file: Path, error: type[Exception], sentence: str) -> None:
    for use in uses(objects, file):
        with pytest.raises(error, match=sentence) as caught:
            use()
        assert type(caught.value) is error
        assert not re.search(r"made-up-secret|AKIDMADEUP|s3cr3t|\n|Traceback", str(caught.value))


def test_without_credentials(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    sentence = "^no AWS credentials were found for s3://bucket/registry: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
    check_all(open_s3(refused()), file, CredentialsMissing, sentence)


def test_with_half_of_the_credentials(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    check_all(open_s3(refused()), file, CredentialsMissing, "^the AWS credentials for s3://bucket/registry are incom")


def test_with_a_profile_that_is_not_there(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    check_all(
        open_s3(refused()), file, CredentialsMissing, r"^the profile that AWS_PROFILE names is not in ~/\.aws: co"
    )


def test_with_credentials_from_a_profile(ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bucket = f"b{uuid.uuid4().hex}"
    ceph.client().create_bucket(Bucket=bucket)
    (tmp_path / "credentials").write_text(
        f"[team]\naws_access_key_id = {ceph.owner.access_key}\naws_secret_access_key = {ceph.owner.secret_key}\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "team")
    assert list(open_s3(ceph.http, f"s3://{bucket}").walk()) == []


def test_with_damaged_aws_settings(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "config").write_text("this is [not a config")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    check_all(
        open_s3(refused()), file, CredentialsMissing, r"^~/\.aws/config or ~/\.aws/credentials has a mistake: cor"
    )


@pytest.mark.s3
def test_with_an_access_key_that_nobody_knows(file: Path, ceph: Ceph):
    sentence = (
        f"^{ceph.http} refuses the credentials for s3://bucket/registry, since it does not know the access key: correct"
    )
    check_all(open_s3(ceph.http), file, CredentialsRefused, sentence)


@pytest.mark.s3
def test_with_a_wrong_secret(file: Path, ceph: Ceph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ceph.owner.access_key)
    sentence = (
        "refuses the credentials for s3://bucket/registry, since the secret key does not belong to the access key"
    )
    check_all(open_s3(ceph.http), file, CredentialsRefused, sentence)


@pytest.mark.s3
def test_without_the_bucket(file: Path, as_owner: Ceph):
    sentence = rf"^there is no bucket nowhere-{file.stat().st_ino} on {as_owner.http}: make it, or correct the uri$"
    check_all(open_s3(as_owner.http, f"s3://nowhere-{file.stat().st_ino}/registry"), file, RootMissing, sentence)


@pytest.mark.s3
def test_with_rights_to_a_part_of_the_bucket_only(file: Path, ceph: Ceph, monkeypatch: pytest.MonkeyPatch):
    client, bucket = ceph.client(), f"b{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    for key in ("open/a", "closed/a"):
        client.put_object(Bucket=bucket, Key=key, Body=b"1")
    guest = {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/guest"]}}
    within = {"StringLike": {"s3:prefix": "open/*"}}
    here = f"arn:aws:s3:::{bucket}"
    policy = [
        guest | {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": [f"{here}/open/*"]},
        guest | {"Action": "s3:ListBucket", "Resource": [here], "Condition": within},
    ]
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": policy}))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ceph.guest.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ceph.guest.secret_key)
    allowed = open_s3(ceph.http, f"s3://{bucket}/open")
    assert [info.key for info in allowed.walk()] == ["a"]
    assert allowed.read("a") == b"1"
    assert allowed.stat("b") is None
    with pytest.raises(ObjectsMissing, match="there is no object"):
        allowed.read("b")
    sentence = rf"^{ceph.http} forbids s3://{bucket}/closed\S* to these credentials: ask for s3:\w+ there$"
    check_all(open_s3(ceph.http, f"s3://{bucket}/closed"), file, ObjectsForbidden, sentence)
    with pytest.raises(ObjectsForbidden, match="ask for s3:ListBucket there"):
        list(open_s3(ceph.http, f"s3://{bucket}/closed").walk())
    with pytest.raises(ObjectsForbidden, match=r"/closed/a to these credentials: ask for s3:PutObject there"):
        open_s3(ceph.http, f"s3://{bucket}/closed").upload(file, "a", progress=lambda _: None)


def test_with_nobody_at_the_endpoint(file: Path):
    endpoint = refused()
    sentence = f"^{endpoint} can't be reached for s3://bucket/registry: check the endpoint, the network, and whether"
    check_all(open_s3(endpoint), file, ObjectsUnreachable, sentence)


def test_with_a_name_that_nobody_has(file: Path):
    check_all(open_s3("http://nobody.invalid"), file, ObjectsUnreachable, r"^http://nobody\.invalid can't be reached")


def test_with_an_endpoint_that_keeps_silent(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lean_core.objects.s3_client.READ_SECONDS", 0.05)
    with silence() as endpoint:
        check_all(
            open_s3(endpoint), file, ObjectsUnreachable, f"^{endpoint} did not answer in time for s3://bucket/reg"
        )


def test_with_an_endpoint_that_does_not_even_take_the_connection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lean_core.objects.s3_client.CONNECT_SECONDS", 0.1)
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # the kernel drops whoever comes when the queue is full
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        time.sleep(0.05)
        endpoint = f"http://127.0.0.1:{full.getsockname()[1]}"
        with pytest.raises(ObjectsUnreachable, match="did not answer in time"):
            list(open_s3(endpoint).walk())


def test_waiting_is_bounded():
    assert (s3_client.CONNECT_SECONDS, s3_client.READ_SECONDS) == (3, 10)
    objects: Any = open_s3(refused())
    config = objects._client().meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)


def test_a_server_that_fails_is_asked_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(s3_client, "ATTEMPTS", ATTEMPTS)
    assert ATTEMPTS == 2
    with s3_stub(lambda *_: refuse(500, "InternalError")) as (endpoint, bucket):
        with pytest.raises(
            ObjectsUnreachable, match=r"failed at s3://bucket/registry \(500 InternalError\): try again"
        ):
            list(open_s3(endpoint).walk())
        assert len(bucket.requests) == 2


@pytest.mark.s3
def test_with_a_certificate_that_is_not_trusted(file: Path, ceph: Ceph):
    sentence = (
        rf"^the TLS certificate of {ceph.https} is not trusted \(self-signed certificate\):"
        " name its authority's file in AWS_CA_BUNDLE$"
    )
    check_all(open_s3(ceph.https), file, CertificateRefused, sentence)


@pytest.mark.s3
def test_with_a_certificate_for_another_name(file: Path, as_owner: Ceph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(as_owner.certificates))
    endpoint = as_owner.https.replace("127.0.0.1", "localhost")
    check_all(open_s3(endpoint), file, CertificateRefused, r"is for another host: correct the endpoint$")


@pytest.mark.s3
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_with_a_bundle_that_is_none(
    file: Path, ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
):
    bundle = tmp_path / "bundle.pem"
    if content:
        bundle.write_text(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    check_all(
        open_s3(ceph.https), file, CertificateRefused, "^AWS_CA_BUNDLE does not name a file of certificates: corr"
    )


@pytest.mark.s3
def test_with_https_where_http_is_spoken(file: Path, ceph: Ceph):
    endpoint = ceph.http.replace("http", "https")
    check_all(
        open_s3(endpoint), file, ObjectsUnreachable, f"^{endpoint} does not speak TLS as it should: check the port"
    )


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (
            refuse(503, "SlowDown"),
            ObjectsUnreachable,
            r"failed at s3://bucket/registry\S* \(503\S*( SlowDown)?\): try again la",
        ),
        (
            refuse(403, "RequestTimeTooSkewed"),
            CredentialsRefused,
            "since this machine's clock differs from the server's",
        ),
        (refuse(400, "ExpiredToken"), CredentialsRefused, "since they have expired: get new ones"),
        (refuse(400, "<b>Odd&;\n"), ObjectsError, r"refused s3://bucket/registry\S* \(400"),
        (
            refuse(400, "AuthorizationHeaderMalformed"),
            ObjectsError,
            "the bucket bucket is in another region: set `region`",
        ),
        (Answer(status=418, body=b"s3cr3t", content_type="text/plain"), ObjectsError, r"\(418\): check the endpoint"),
        (
            Answer(status=404, body=b"s3cr3t", content_type="text/html"),
            ObjectsError,
            "check that the endpoint is an S3",
        ),
    ],
)
def test_with_a_server_that_refuses(
    file: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, error: type[Exception], sentence: str
):
    with s3_stub(lambda *_: answer) as (endpoint, _):
        check_all(open_s3(endpoint), file, error, sentence)


def test_with_a_web_page_where_a_server_should_be():
    page = Answer(body=b"<html><body>Welcome to <b>nginx</body>", content_type="text/html")
    with (
        s3_stub(lambda *_: page) as (endpoint, _),
        pytest.raises(ObjectsError, match="check that the endpoint is an S3"),
    ):
        list(open_s3(endpoint).walk())


def test_an_object_that_breaks_off_is_an_error_and_not_a_shorter_object():
    half = Answer(body=b"half", length=100, content_type="binary/octet-stream")
    with s3_stub(lambda *_: half) as (endpoint, _), pytest.raises(ObjectsUnreachable, match=r"reached|broke off"):
        open_s3(endpoint).read("a")


def test_an_archived_object_is_said_to_be_so():
    sentence = "registry/a was archived: restore it in the bucket's console"
    answer = refuse(403, "InvalidObjectState")
    with s3_stub(lambda *_: answer) as (endpoint, _), pytest.raises(ObjectsError, match=sentence):
        open_s3(endpoint).read("a")


@pytest.mark.parametrize("uri", ["s3://", "s3:///prefix", "s3://b?x", "s3://-b/x"])
def test_an_address_without_a_bucket_is_refused(uri: str):
    with pytest.raises(NameRefused, match="has no bucket's name after s3://: write s3://bucket/prefix"):
        open_s3("http://127.0.0.1", uri)


def test_an_address_with_credentials_is_refused_without_showing_them():
    with pytest.raises(NameRefused, match="names a user: take it out, since credentials come from the usual") as caught:
        open_s3("http://127.0.0.1", "s3://AKIDMADEUP:made-up-secret@bucket/registry")
    assert "made-up-secret" not in str(caught.value)


def test_a_prefix_that_is_none_is_refused():
    with pytest.raises(NameRefused, match=r"the path 'a/\.\./b' has empty parts, \. or \.\. in it"):
        open_s3("http://127.0.0.1", "s3://bucket/a/../b")


@pytest.mark.s3
def test_a_listing_goes_on_over_its_pages(as_owner: Ceph):
    client, bucket = as_owner.client(), f"b{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    wanted = [f"churn/{number:04}/version.json" for number in range(1_010)]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda key: client.put_object(Bucket=bucket, Key=f"r/{key}", Body=b""), wanted))
    objects = open_s3(as_owner.http, f"s3://{bucket}/r/")
    assert [info.key for info in objects.walk()] == wanted
    assert objects.list_folders("churn/") == [key.split("/")[1] for key in wanted]


@pytest.mark.s3
def test_keys_that_are_no_paths_are_listed_as_refused_and_folder_markers_not_at_all(as_owner: Ceph):
    client, bucket = as_owner.client(), f"b{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    for key in ("r/", "r/churn/", "r/churn/1/a", "r/churn//b", "r/../c", "rest"):
        client.put_object(Bucket=bucket, Key=key, Body=b"")
    objects = open_objects(f"s3://{bucket}/r", folder=Path("/"), endpoint=as_owner.http, region="")
    assert {info.key: info.refused for info in objects.walk()} == {
        "churn/1/a": "",
        "churn//b": "has empty parts, . or .. in it",
        "../c": "has empty parts, . or .. in it",
    }
    assert objects.list_folders() == ["churn"]
    assert objects.list_folders("churn/") == ["1"]


def test_an_object_that_is_missing_says_where():
    sentence = "^there is no object s3://bucket/registry/a/b: it was moved or deleted, or never written$"
    answer = refuse(404, "NoSuchKey")
    with s3_stub(lambda *_: answer) as (endpoint, _), pytest.raises(ObjectsMissing, match=sentence):
        open_s3(endpoint).read("a/b")
