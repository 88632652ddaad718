"""Links and names in a folder that lead out of it, or nowhere."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, NotAFolder, ObjectsForbidden, ObjectsMissing, RootMissing
from lean_core.objects import LocalObjects


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with one version, beside a file that is none of its business."""
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "registry"
    (root / "churn" / "1").mkdir(parents=True)
    (root / "churn" / "1" / "version.json").write_text("{}")
    return root


def refusals(root: Path) -> dict[str, str]:
    return {info.key: info.refused for info in LocalObjects(root).walk() if info.refused}


def test_a_link_out_of_the_root_is_listed_as_refused_and_never_read(root: Path):
    (root / "churn" / "1" / "model.pkl").symlink_to(root.parent / "secret")
    objects = LocalObjects(root)
    assert refusals(root) == {"churn/1/model.pkl": "it is a link that leads out of the registry's root"}
    for use in (objects.read, objects.stat, objects.open):
        with pytest.raises(NameRefused, match=r"'churn/1/model\.pkl' leads out of the registry's root by a link: copy"):
            use("churn/1/model.pkl")


def test_a_folder_linked_from_outside_is_neither_listed_nor_written_to(root: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "version.json").write_text("{}")
    (root / "churn" / "2").symlink_to(outside)
    objects = LocalObjects(root)
    assert objects.list_folders("churn/") == ["1"]
    assert refusals(root) == {"churn/2": "it is a link that leads out of the registry's root"}
    for refused in (
        lambda: list(objects.walk("churn/2/")),
        lambda: objects.create("churn/2/new.json", b""),
        lambda: objects.create("churn/2/deep/new.json", b""),
        lambda: objects.upload(root.parent / "secret", "churn/2/new.json", progress=lambda _: None),
    ):
        with pytest.raises(NameRefused, match="by a link"):
            refused()
    assert [path.name for path in outside.iterdir()] == ["version.json"]


def test_a_sibling_whose_name_begins_like_the_root_is_outside(root: Path):
    sibling = root.with_name("registry-old")
    sibling.mkdir()
    (sibling / "file").write_text("")
    (root / "link").symlink_to(sibling / "file")
    with pytest.raises(NameRefused, match="by a link"):
        LocalObjects(root).read("link")


def test_links_within_the_root_are_followed_but_not_in_circles(root: Path):
    (root / "churn" / "latest").symlink_to("1")
    (root / "churn" / "1" / "same.json").symlink_to("version.json")
    (root / "churn" / "1" / "up").symlink_to("../..")
    objects = LocalObjects(root)
    assert sorted(info.key for info in objects.walk() if not info.refused) == [
        "churn/1/same.json",
        "churn/1/version.json",
        "churn/latest/same.json",
        "churn/latest/version.json",
    ]
    assert refusals(root) == dict.fromkeys(
        ["churn/1/up", "churn/latest/up"], "it is a link to a folder that it lies in itself"
    )
    assert objects.list_folders("churn/") == ["1", "latest"]
    assert objects.read("churn/latest/same.json") == b"{}"


def test_a_root_that_is_a_link_itself_is_taken(root: Path):
    (root.parent / "link").symlink_to(root)
    objects = LocalObjects(root.parent / "link")
    assert [info.key for info in objects.walk()] == ["churn/1/version.json"]
    assert objects.read("churn/1/version.json") == b"{}"
    assert objects.uri == str(root.parent / "link")


def test_what_is_no_file_is_listed_with_the_reason(root: Path):
    (root / "gone").symlink_to("nowhere")
    (root / "circle").symlink_to("circle")
    os.mkfifo(root / "pipe")
    (root / "back\\slash").write_text("")
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9")).write_text("")
    odd_name = "its name has a backslash, control characters or bytes that are not UTF-8"
    assert refusals(root) == {
        "gone": "it is a link to something that is not there",
        "circle": "it is a link that leads to itself",
        "pipe": "it is neither a file nor a folder",
        "back\\slash": odd_name,
        "caf\\xe9": odd_name,
    }
    objects = LocalObjects(root)
    with pytest.raises(ObjectsMissing):
        objects.read("pipe")
    with pytest.raises(ObjectsMissing):
        objects.read("gone")
    with pytest.raises(NameRefused, match="leads to itself"):
        objects.read("circle")


def test_a_missing_root_and_one_that_is_a_file_have_their_own_errors(tmp_path: Path):
    objects = LocalObjects(tmp_path / "registry")
    uses = (
        lambda: list(objects.walk()),
        lambda: list(objects.walk("churn/1/")),
        objects.list_folders,
        lambda: objects.stat("a"),
        lambda: objects.read("a"),
        lambda: objects.create("a/b", b""),
    )
    for use in uses:
        with pytest.raises(RootMissing, match=r"^there is no folder \S+/registry: make it, mount it, or correct"):
            use()
    assert not (tmp_path / "registry").exists()
    (tmp_path / "registry").write_text("")
    for use in uses:
        with pytest.raises(NotAFolder, match=r"registry is not a folder: name the folder that holds the models"):
            use()


def test_a_file_where_a_folder_must_be_is_named(root: Path):
    with pytest.raises(NotAFolder, match=r"churn/1/version\.json: .*: a file is where a folder must be"):
        LocalObjects(root).create("churn/1/version.json/x", b"")
    with pytest.raises(ObjectsMissing):
        LocalObjects(root).read("churn/1/version.json/x")


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """Become somebody who may not do everything, with a folder of root's that anybody can walk into."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "churn").mkdir()
        (folder / "churn" / "closed.json").write_text("{}")
        (folder / "churn" / "closed.json").chmod(0)
        (folder / "closed").mkdir(mode=0)
        folder.chmod(0o555)
        before = os.geteuid()
        if before == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(before)
        folder.chmod(0o755)


def test_what_may_not_be_read_listed_or_written_is_forbidden(ordinary_user: Path):
    objects = LocalObjects(ordinary_user)
    advice = "Permission denied: change the permissions, or ask who owns it"
    with pytest.raises(ObjectsForbidden, match=f"churn/closed.json: {advice}"):
        objects.read("churn/closed.json")
    with pytest.raises(ObjectsForbidden, match=f"{ordinary_user}/closed: {advice}"):
        list(objects.walk())
    with pytest.raises(ObjectsForbidden, match=f"closed: {advice}"):
        objects.list_folders("closed/")
    with pytest.raises(ObjectsForbidden, match=f"closed/file: {advice}"):
        objects.stat("closed/file")
    with pytest.raises(ObjectsForbidden, match=f"{ordinary_user}/new: {advice}"):
        objects.create("new/version.json", b"{}")
    assert objects.list_folders() == ["churn", "closed"]
