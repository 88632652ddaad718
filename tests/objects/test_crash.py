"""A writer that is killed leaves whole objects, or none."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lean_core.objects import find_files, open_objects, upload_files
from tests.ceph import Ceph
from tests.contract.backends import bucket, name_owner

ROOT = Path(__file__).parents[2]

CREATE = """
import hashlib, sys
from pathlib import Path
from lean_core.objects import LocalObjects
objects = LocalObjects(Path(sys.argv[1]))
for number in range(1_000_000):
    body = bytes([number % 256]) * 300_000
    objects.create(f"churn/{number}", hashlib.sha256(body).digest() + body)
    print(number, flush=True)
"""
UPLOAD = """
import sys, time
from pathlib import Path
from lean_core.objects import find_files, open_objects, upload_files
uri, endpoint, region, source = sys.argv[1:]
objects = open_objects(uri, folder=Path("/"), endpoint=endpoint, region=region)
calls = 0
def hang_in_the_middle(count):
    global calls
    calls += 1
    if calls > 3:
        print("hanging", flush=True)
        time.sleep(3600)
upload_files(find_files(Path(source)), objects=objects, folder="m", progress=hang_in_the_middle)
"""


def kill_after(lines: int, script: str, *arguments: str) -> None:
    """Run a script and end it, without a chance to clean up, once it has written so many lines."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, cwd=ROOT, encoding="utf-8"
    )
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()
    process.kill()
    process.communicate()
    assert process.returncode == -9


@pytest.mark.parametrize("lines", [1, 7, 30])
def test_a_killed_writer_leaves_no_half_file(tmp_path: Path, lines: int):
    kill_after(lines, CREATE, str(tmp_path))
    objects = open_objects(str(tmp_path), folder=tmp_path)
    contents = [objects.read(info.key) for info in objects.walk()]
    assert len(contents) >= lines
    assert all(content[:32] == hashlib.sha256(content[32:]).digest() for content in contents)


@pytest.mark.parametrize("where", ["folder", pytest.param("ceph", marks=pytest.mark.s3)])
def test_a_killed_upload_leaves_no_half_object_and_can_go_on(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
):
    uri, endpoint, region = str(tmp_path / "root"), "", ""
    (tmp_path / "root").mkdir()
    if where == "ceph":
        server: Ceph = request.getfixturevalue("ceph")
        name_owner(server, monkeypatch)
        bucket(server, "killed")
        uri, endpoint, region = "s3://contract/killed", server.http, server.region
    source = tmp_path / "model"
    source.mkdir()
    for number in range(3):
        (source / f"{number}.bin").write_bytes(os.urandom(20_000_000 + number))
    kill_after(1, UPLOAD, uri, endpoint, region, str(source))
    objects = open_objects(uri, folder=Path("/"), endpoint=endpoint, region=region)
    files = find_files(source)
    sizes = {f"m/{file.name}": file.bytes for file in files}
    arrived = {info.key: info.bytes for info in objects.walk()}
    assert arrived.items() <= sizes.items()
    assert not arrived
    uploaded = upload_files(files, objects=objects, folder="m", progress=lambda _: None)
    assert uploaded.sent == len(files)
    assert {info.key: info.bytes for info in objects.walk()} == sizes
    assert all(objects.read(f"m/{file.name}") == file.path.read_bytes() for file in files)
