from __future__ import annotations

import os
import pickle
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow import MlflowClient

from lean_core.runs.artifacts import (
    Artifact,
    ArtifactLocation,
    Preview,
    Unreachable,
    list_artifacts,
    loading_risk,
    preview,
)
from lean_core.runs.artifacts.preview import render
from lean_core.runs.tracking import Limits
from tests.http_stub import Answer, Request, http_stub, refused, silence
from tests.mlflow_server import Server


def png(width: int = 1, height: int = 1) -> bytes:
    """Return a black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def local(tmp_path: Path) -> ArtifactLocation:
    folder = tmp_path / "artifacts"
    folder.mkdir()
    return ArtifactLocation(uri=folder.as_uri(), path=str(folder))


def put(location: ArtifactLocation, name: str, content: bytes | str) -> str:
    path = Path(location.path or "") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def shown(location: ArtifactLocation, path: str) -> Preview:
    found = preview(location, path)
    assert isinstance(found, Preview)
    return found


def reason(found: object) -> str:
    assert isinstance(found, Unreachable)
    assert "\n" not in found.reason
    assert "hunter2" not in found.reason
    return found.reason


# A folder of this machine


def test_a_folder_lists_its_files_and_folders_with_sizes(local: ArtifactLocation) -> None:
    for name, content in {"b.txt": "12345", "a/inner.csv": "x", "empty.txt": ""}.items():
        put(local, name, content)
    assert list_artifacts(local) == (
        Artifact(path="a", is_folder=True),
        Artifact(path="b.txt", is_folder=False, bytes=5),
        Artifact(path="empty.txt", is_folder=False, bytes=0),
    )
    assert list_artifacts(local, "a") == (Artifact(path="a/inner.csv", is_folder=False, bytes=1),)
    assert Artifact(path="a/inner.csv", is_folder=False).name == "inner.csv"


def test_what_is_not_there_says_so(local: ArtifactLocation) -> None:
    assert "nowhere is not there" in reason(list_artifacts(local, "nowhere"))
    assert "a.txt is not there" in reason(preview(local, "a.txt"))
    gone = ArtifactLocation(uri=None, path=str(Path(local.path or "") / "gone"))
    assert "is not there" in reason(list_artifacts(gone))


def test_a_folder_is_not_previewed_and_a_file_is_not_listed(local: ArtifactLocation) -> None:
    put(local, "folder.txt/x.txt", "x")
    assert "is not a file" in reason(preview(local, "folder.txt"))
    assert "is not there" in reason(list_artifacts(local, "folder.txt/x.txt"))


@pytest.mark.parametrize("path", ["../secret.txt", "a/../../secret.txt", "link.txt", "linked/secret.txt", "a\0b.txt"])
def test_nothing_outside_the_folder_is_shown(local: ArtifactLocation, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("hunter2")
    root = Path(local.path or "")
    (root / "a").mkdir()
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "linked").symlink_to(tmp_path)
    reason(preview(local, path))
    reason(preview(local, str(tmp_path / "secret.txt")))
    reason(list_artifacts(local, "linked"))
    assert list_artifacts(local) == (Artifact(path="a", is_folder=True),)


def test_a_link_within_the_folder_is_followed(local: ArtifactLocation) -> None:
    put(local, "real.txt", "here")
    (Path(local.path or "") / "link.txt").symlink_to("real.txt")
    assert shown(local, "link.txt").text == "here"


def test_a_pipe_is_not_waited_for(local: ArtifactLocation) -> None:
    os.mkfifo(Path(local.path or "") / "pipe.txt")
    assert list_artifacts(local) == ()
    assert "is not a file" in reason(preview(local, "pipe.txt"))


# What is shown


def test_a_table_shows_its_rows_under_unique_columns(local: ArtifactLocation) -> None:
    put(local, "t.csv", 'a,b,a\r\n1,"x, y",3\r\n4\r\n')
    assert shown(local, "t.csv") == Preview(
        path="t.csv", kind="table", size=22, columns=("a", "b", "a (2)"), rows=(("1", "x, y", "3"), ("4", "", ""))
    )


@pytest.mark.parametrize(("name", "delimiter"), [("t.csv", ";"), ("t.csv", "\t"), ("t.tsv", "\t"), ("t.csv", "|")])
def test_a_table_may_use_other_delimiters(local: ArtifactLocation, name: str, delimiter: str) -> None:
    put(local, name, f"a{delimiter}b\n1{delimiter}2\n3{delimiter}4\n")
    assert shown(local, name).rows == (("1", "2"), ("3", "4"))


def test_a_table_of_one_column_is_one(local: ArtifactLocation) -> None:
    put(local, "t.csv", "value\n1\n2\n")
    assert (shown(local, "t.csv").columns, shown(local, "t.csv").rows) == (("value",), (("1",), ("2",)))


def test_a_long_table_shows_its_first_rows_and_says_so(local: ArtifactLocation) -> None:
    put(local, "t.csv", "a,b\n" + "1,2\n" * 201)
    found = shown(local, "t.csv")
    assert (len(found.rows), found.note) == (200, "Only the first 200 rows are shown.")
    put(local, "just.csv", "a,b\n" + "1,2\n" * 200)
    assert (len(shown(local, "just.csv").rows), shown(local, "just.csv").note) == (200, "")


def test_a_table_that_is_cut_shows_no_half_row(local: ArtifactLocation) -> None:
    put(local, "t.csv", "a,b\n" + f"1,{'x' * 30_000}\n" * 40)
    found = shown(local, "t.csv")
    assert {len(row[1]) for row in found.rows} == {30_000}
    assert "1,000,000 bytes" in found.note


def test_an_empty_table_has_no_columns(local: ArtifactLocation) -> None:
    put(local, "t.csv", "")
    assert shown(local, "t.csv") == Preview(path="t.csv", kind="table", size=0)


def test_a_table_that_is_none_is_shown_as_text(local: ArtifactLocation) -> None:
    put(local, "t.csv", "a,b\n" + "x" * 200_000 + "\n")
    found = shown(local, "t.csv")
    assert (found.kind, found.text[:4]) == ("text", "a,b\n")
    assert "not a table" in found.note


def test_json_is_indented(local: ArtifactLocation) -> None:
    put(local, "j.json", '{"é":[1,NaN]}')
    assert shown(local, "j.json") == Preview(
        path="j.json", kind="json", size=14, text='{\n  "é": [\n    1,\n    NaN\n  ]\n}'
    )


@pytest.mark.parametrize("content", ["{", "[" * 100_000, "[1" + " " * 1_000_000 + "]"], ids=["broken", "deep", "cut"])
def test_json_that_can_t_be_read_whole_is_shown_as_text(local: ArtifactLocation, content: str) -> None:
    put(local, "j.json", content)
    assert (shown(local, "j.json").kind, shown(local, "j.json").text) == ("text", content[:1_000_000])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("n.md", "markdown"), ("n.txt", "text"), ("n.LOG", "text"), ("n.yaml", "text"), ("n.yml", "text")),
        ("model/MLmodel", "text"),
    ],
)
def test_text_is_shown_as_it_is(local: ArtifactLocation, name: str, kind: str) -> None:
    put(local, name, "# é\n")
    assert shown(local, name) == Preview(path=name, kind=kind, size=5, text="# é\n")


def test_a_long_text_is_cut_between_characters_and_says_so(local: ArtifactLocation) -> None:
    put(local, "n.log", "x" + "é" * 600_000)
    found = shown(local, "n.log")
    assert (found.text, found.size) == ("x" + "é" * 499_999, 1_200_001)
    assert found.note == "Only the first 1,000,000 bytes are shown."


def test_text_that_is_not_utf8_is_shown_with_a_note(local: ArtifactLocation) -> None:
    put(local, "n.txt", "é".encode("latin-1"))
    assert (shown(local, "n.txt").text, "not UTF-8" in shown(local, "n.txt").note) == ("�", True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_understood(local: ArtifactLocation, encoding: str) -> None:
    put(local, "n.txt", "é".encode(encoding))
    assert (shown(local, "n.txt").text, shown(local, "n.txt").note) == ("é", "")


def test_bytes_under_a_name_of_text_are_not_shown(local: ArtifactLocation) -> None:
    put(local, "n.txt", b"\x00\x01\x02")
    assert (shown(local, "n.txt").kind, shown(local, "n.txt").text) == ("none", "")


@pytest.mark.parametrize(
    ("name", "content"), [("p.png", png()), ("p.jpg", b"\xff\xd8\xff\xe0 and so on"), ("p.JPEG", b"\xff\xd8\xff")]
)
def test_a_picture_is_handed_over_whole(local: ArtifactLocation, name: str, content: bytes) -> None:
    put(local, name, content)
    assert shown(local, name) == Preview(path=name, kind="image", size=len(content), image=content)


def test_a_picture_over_ten_megabytes_is_not_shown(local: ArtifactLocation) -> None:
    put(local, "p.png", png() + b"\0" * 10_000_000)
    assert (shown(local, "p.png").kind, "10 MB" in shown(local, "p.png").note) == ("none", True)


def test_something_else_under_a_picture_s_name_is_not_shown(local: ArtifactLocation) -> None:
    put(local, "p.png", "<svg onload='alert(1)'/>")
    assert shown(local, "p.png").kind == "none"


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.zip", "a", "a.parquet"])
def test_other_kinds_are_not_shown_and_say_so(local: ArtifactLocation, name: str) -> None:
    put(local, name, "x")
    found = shown(local, name)
    assert (found.kind, found.note) == ("none", "Not shown: files of this kind are not previewed.")


@given(
    st.sampled_from(["a.csv", "a.json", "a.md", "a.txt", "a.png", "a.x"]), st.binary(), st.integers(0, 10) | st.none()
)
def test_any_content_gives_a_preview(path: str, head: bytes, more: int | None) -> None:
    found = render(path, head, None if more is None else len(head) + more)
    assert {len(row) for row in found.rows} <= {len(found.columns)}
    assert len(set(found.columns)) == len(found.columns)


# Models


def test_a_pickle_is_never_loaded(local: ArtifactLocation, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
            return os.mkdir, (str(tmp_path / "loaded"),)

    for name in ("m.pkl", "m.json", "m.csv", "m.txt"):
        put(local, name, pickle.dumps(Bomb()))
        assert shown(local, name).kind == "none"
    assert "runs the code" in shown(local, "m.pkl").note
    assert not (tmp_path / "loaded").exists()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "model.pkl",
            "m.PICKLE",
            "m.joblib",
            "m.joblib.gz",
            "m.pkl.xz",
            "python_model.pkl",
            "m.dill",
            "m.pt",
            "m.pth",
        ),
        *("epoch=3.ckpt", "pytorch_model.bin", "m.h5", "m.keras", "a.npy", "a.npz", "saved_model.pb", "m.rds", "m.mar"),
    ],
)
def test_formats_that_can_run_code_on_loading_are_marked(name: str) -> None:
    assert "code" in (loading_risk(name) or "") or "graph" in (loading_risk(name) or "")
    assert Artifact(path=f"model/{name}", is_folder=False).risk == loading_risk(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "m.safetensors",
            "m.onnx",
            "m.skops",
            "m.txt",
            "MLmodel",
            "conda.yaml",
            "data.parquet",
            "m.json",
            "m.ubj",
            "a.gz",
        ),
        *(".pkl", "pkl"),
    ],
)
def test_formats_that_hold_data_only_are_not_marked(name: str) -> None:
    assert loading_risk(name) is None


def test_a_folder_is_not_marked() -> None:
    assert Artifact(path="old.pkl", is_folder=True).risk is None


# A tracking server


@pytest.fixture(scope="module")
def remote(server: Server, tmp_path_factory: pytest.TempPathFactory) -> ArtifactLocation:
    """Return artifacts that a real server keeps."""
    client = MlflowClient(server.uri, registry_uri=server.uri)
    run = client.create_run("0")
    folder = tmp_path_factory.mktemp("sent")
    for name, content in {
        "with space é.csv": b"a,b\n1,2\n",
        "big.log": b"x" * 3_000_000,
        "empty.txt": b"",
        "sub/j.json": b"{}",
        "sub/model.pkl": b"not really",
        "p.png": png(),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    client.log_artifacts(run.info.run_id, str(folder))
    return ArtifactLocation(uri=run.info.artifact_uri, tracking_uri=server.uri)


@pytest.mark.server
def test_a_server_lists_its_artifacts(remote: ArtifactLocation) -> None:
    listed = list_artifacts(remote)
    assert isinstance(listed, tuple)
    assert [(one.path, one.is_folder) for one in listed] == [
        ("big.log", False),
        ("empty.txt", False),
        ("p.png", False),
        ("sub", True),
        ("with space é.csv", False),
    ]
    assert list_artifacts(remote, "sub") == (
        Artifact(path="sub/j.json", is_folder=False, bytes=2),
        Artifact(path="sub/model.pkl", is_folder=False, bytes=10),
    )


@pytest.mark.server
def test_one_odd_name_does_not_hide_the_others(server: Server, remote: ArtifactLocation) -> None:
    root = server.artifacts / (remote.uri or "").partition(":/")[2]
    (root / "100%25.txt").write_text("odd")
    try:
        listed = list_artifacts(remote)
        assert isinstance(listed, tuple)
        assert {"100%25.txt", "big.log"} <= {one.path for one in listed}
        assert "does not hand out" in reason(preview(remote, "100%25.txt"))
    finally:
        (root / "100%25.txt").unlink()


@pytest.mark.server
def test_files_of_a_server_are_previewed(remote: ArtifactLocation) -> None:
    assert shown(remote, "with space é.csv").rows == (("1", "2"),)
    assert shown(remote, "sub/j.json").kind == "json"
    assert shown(remote, "empty.txt").text == ""
    assert shown(remote, "p.png").image == png()
    assert shown(remote, "sub/model.pkl").kind == "none"


@pytest.mark.server
def test_of_a_big_file_only_the_beginning_is_fetched(remote: ArtifactLocation) -> None:
    found = shown(remote, "big.log")
    assert (len(found.text), found.size) == (1_000_000, 3_000_000)


@pytest.mark.server
def test_what_a_server_does_not_have_says_so(remote: ArtifactLocation) -> None:
    assert "nowhere.txt is not there" in reason(preview(remote, "nowhere.txt"))
    assert list_artifacts(remote, "nowhere") == ()
    for path in ("../x", "/etc/passwd", "a/../../x", "..\\x"):
        assert "leads out" in reason(list_artifacts(remote, path))


def served(uri: str, artifact_uri: str = "mlflow-artifacts:/1/run/artifacts") -> ArtifactLocation:
    return ArtifactLocation(uri=artifact_uri, tracking_uri=uri)


IMPATIENT = Limits(timeout=1)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(status=401, body=b"hunter2"), "(401)"),
        (Answer(status=403, body=b"hunter2"), "(403)"),
        (Answer(status=503, body=b"hunter2: started with --no-serve-artifacts"), "(503)"),
        (Answer(body=b"<html>hunter2</html>"), "something else than MLflow"),
    ],
)
def test_a_server_that_refuses_has_its_own_sentence(answer: Answer, sentence: str) -> None:
    with http_stub(lambda _: answer) as uri:
        assert sentence in reason(list_artifacts(served(uri)))
        if answer.status != 200:
            assert sentence in reason(preview(served(uri), "a.txt"))


def test_a_server_that_is_not_there_or_silent_has_its_own_sentence() -> None:
    assert "nothing listens there" in reason(list_artifacts(served(refused())))
    with silence() as uri:
        assert "did not answer" in reason(preview(served(uri), "a.txt", limits=IMPATIENT))


def test_names_that_lead_elsewhere_are_not_taken_from_a_server() -> None:
    body = b'{"files": [{"path": "../x"}, {"path": ".."}, {"path": "ok.txt", "file_size": "3"}]}'
    with http_stub(lambda _: Answer(body=body)) as uri:
        assert list_artifacts(served(uri)) == (Artifact(path="ok.txt", is_folder=False, bytes=3),)


def test_credentials_are_not_sent_to_a_host_that_a_run_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "hunter2")
    asked = []
    with ExitStack() as running:
        stub = running.enter_context(http_stub(lambda request: asked.append(request) or Answer()))
        host = stub.removeprefix("http://")
        for uri in (f"mlflow-artifacts://{host}/1/x", f"{stub}/api/2.0/mlflow-artifacts/artifacts/1/x"):
            assert "another server" in reason(list_artifacts(served(refused(), uri)))
            assert "another server" in reason(preview(served(refused(), uri), "a.txt"))
        assert not asked
        assert list_artifacts(served(stub, f"mlflow-artifacts://{host}/1/x")) == ()
        assert asked


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        (None, "is not on this machine"),
        ("file:///C:/runs/1", "file:///C:/runs/1 is not on this machine"),
        ("C:\\runs\\1", "is not on this machine"),
        ("/home/ada/mlruns/0/x/artifacts", "is not on this machine"),
        ("mlflow-artifacts:/1/x", "this source is not one"),
        ("gs://bucket/x", "does not look into gs://"),
        ("dbfs:/x", "does not look into dbfs://"),
        ("http://[broken/x", "is not an address"),
    ],
)
def test_places_that_can_t_be_seen_have_their_own_sentence(uri: str | None, sentence: str) -> None:
    assert sentence in reason(list_artifacts(ArtifactLocation(uri=uri)))
    assert sentence in reason(preview(ArtifactLocation(uri=uri), "a.txt"))


# S3


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> ArtifactLocation:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "default")
    return ArtifactLocation(uri="s3://bucket/1/run/artifacts")


def test_s3_that_is_not_there_says_so(s3: ArtifactLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    before = boto3.DEFAULT_SESSION
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", refused())
    assert "can't be reached" in reason(list_artifacts(s3, limits=IMPATIENT))
    assert "s3://bucket/1/run/artifacts/a.txt can't be reached" in reason(preview(s3, "a.txt", limits=IMPATIENT))
    assert boto3.DEFAULT_SESSION is before


def test_silent_s3_is_given_up_soon(s3: ArtifactLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with silence() as uri:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", uri)
        assert "did not answer within 1 s" in reason(list_artifacts(s3, limits=IMPATIENT))
    assert time.monotonic() - began < 30  # boto3's own bounds take minutes


@pytest.mark.parametrize(
    ("status", "sentence"), [(403, "may not be read with these credentials"), (404, "is not there"), (418, "418")]
)
def test_s3_that_refuses_has_its_own_sentence(
    s3: ArtifactLocation, monkeypatch: pytest.MonkeyPatch, status: int, sentence: str
) -> None:
    answer = Answer(status=status, body=b"<Error><Code>X</Code><Message>hunter2</Message></Error>")
    with http_stub(lambda _: answer) as uri:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", uri)
        assert sentence in reason(list_artifacts(s3))


def test_of_a_big_object_only_the_beginning_is_asked_for(s3: ArtifactLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def object_of_five_megabytes(request: Request) -> Answer:
        asked.append(request)
        if request.method == "HEAD":
            return Answer(body=b"", length=5_000_000)
        return Answer(status=206, body=b"x" * 1_000_000, content_type="text/plain")

    with http_stub(object_of_five_megabytes) as uri:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", uri)
        found = shown(s3, "sub/big.log")
    assert (len(found.text), found.size) == (1_000_000, 5_000_000)
    assert [(request.method, request.path) for request in asked] == [
        ("HEAD", "/bucket/1/run/artifacts/sub/big.log"),
        ("GET", "/bucket/1/run/artifacts/sub/big.log"),
    ]
    assert asked[1].headers["Range"] == "bytes=0-999999"
