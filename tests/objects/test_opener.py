"""Which place an address means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lean_core.objects import LocalObjects, open_objects


@pytest.mark.parametrize(
    ("uri", "path"), [("registry", "/work/registry"), ("../r", "/work/../r"), ("/data/r", "/data/r")]
)
def test_a_path_counts_from_the_workspace(uri: str, path: str):
    objects = open_objects(uri, folder=Path("/work"))
    assert isinstance(objects, LocalObjects)
    assert objects.uri == path


def test_a_home_folder_is_understood(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert open_objects("~/registry", folder=Path("/work")).uri == "/home/ada/registry"


@pytest.mark.parametrize("uri", ["s3://bucket/team/registry", "S3://bucket/team/registry/"])
def test_a_bucket_is_understood_and_not_asked_yet(uri: str):
    objects = open_objects(uri, folder=Path("/work"), endpoint="http://nobody.invalid")
    assert objects.uri == "s3://bucket/team/registry"


def test_a_folder_is_opened_without_loading_what_only_buckets_need():
    script = (
        "import sys; from pathlib import Path; from lean_core.objects import open_objects;"
        "list(open_objects('.', folder=Path('.')).walk('x/'));"
        "print([name for name in ('boto3', 'botocore', 's3transfer', 'urllib3') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"
