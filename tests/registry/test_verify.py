from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lean_core.errors import NameRefused, NotInRegistry, ObjectsUnreachable, RootMissing
from lean_core.objects import LocalObjects
from lean_core.registry import (
    Artifact,
    Code,
    Data,
    Environment,
    Metrics,
    Record,
    Step,
    hash_bytes,
    hash_folder,
)
from lean_core.registry.data_state import DataPlaces
from lean_core.registry.verify import Depth, Finding, Outside, Scope, verify_registry
from tests.registry.folders import a_record, a_withdrawal, write, write_event, write_version
from tests.registry.values import EVENTS, event_id
from tests.repo import Repo

OTHER = "f" * 64


@dataclass
class Place:
    """A registry with its repository and its data, all well as long as nothing is done to it."""

    root: Path
    repo: Repo
    record: Record
    exists: Callable[[str], bool] = lambda _: True

    def look(self, scope: Scope | None = None, *, depth: Depth = "records") -> list[Finding]:
        folders = (self.repo.folder, self.root.parent)
        outside = Outside(repository=self.repo.folder, data=DataPlaces(folders=folders, exists=self.exists))
        found = verify_registry(
            LocalObjects(self.root), scope or Scope(), depth=depth, outside=outside, tell=lambda _: None
        )
        return list(found)

    def troubles(self, scope: Scope | None = None, *, depth: Depth = "records") -> list[tuple[str, str, str]]:
        *found, last = self.look(scope, depth=depth)
        assert last.severity == "ok"
        return [(each.severity, each.subject, each.where) for each in found]

    def trouble(self, *, depth: Depth = "records") -> Finding:
        found, last = self.look(depth=depth)
        assert last.severity == "ok"
        return found

    def change(self, **fields: object) -> None:
        """Write the version with another record."""
        write_version(self.root, replace(self.record, **fields))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    repo = Repo(tmp_path / "project")
    commit = repo.commit("one", {"data/train.csv": "a,b\n"})
    record = a_record(code=Code(commit=commit, dirty=False))
    root = tmp_path / "registry"
    write_version(root, record)
    write_event(root, a_withdrawal("1"))
    return Place(root=root, repo=repo, record=record)


def test_of_a_registry_in_order_only_what_was_looked_at_is_told(place: Place):
    (found,) = place.look()
    assert (found.severity, found.where) == ("ok", str(place.root))
    assert found.what == "1 version of 1 model and 1 event checked, without the hashes of their files"
    (found,) = place.look(depth="hashes")
    assert found.what.endswith("with the hashes of their files")


def test_a_record_that_cant_be_used_is_an_error_with_what_to_do(place: Place):
    write(place.root, "churn/2/version.json", "{")
    found = place.trouble()
    assert (found.severity, found.subject, found.where) == ("error", "record", "churn/2")
    assert "take version.json from a copy" in found.action


def test_a_record_of_a_newer_schema_says_to_upgrade(place: Place):
    write(place.root, "churn/2/version.json", '{"schema": 2}')
    found = place.trouble()
    assert found.severity == "error"
    assert "newer than 1: upgrade the workbench" in found.what
    assert found.action == ""


def test_a_record_that_was_copied_into_another_folder_is_an_error(place: Place):
    content = (place.root / "churn/1/version.json").read_bytes()
    write(place.root, "fraud/9/version.json", content)
    assert "of churn/1, but lies in fraud/9" in place.trouble().what


def test_an_unfinished_registration_is_a_warning(place: Place):
    write(place.root, "churn/2/upload.json", "{}")
    found = place.trouble()
    assert (found.severity, found.subject, found.where) == ("warning", "folder", "churn/2")
    assert "goes on where it was interrupted" in found.what


def test_a_folder_that_nobody_registered_is_a_warning(place: Place):
    write(place.root, "churn/2/model.pkl", "x")
    found = place.trouble()
    assert (found.severity, found.subject, found.where) == ("warning", "folder", "churn/2")
    assert "adopt it" in found.what


def test_names_and_places_that_the_convention_does_not_have_are_warnings(place: Place):
    write(place.root, "my model/1/model.pkl", "x")
    write(place.root, "churn/v 2/version.json", "x")
    write(place.root, "registry.json", "{}")
    write(place.root, "churn/trail/notes.txt", "x")
    assert place.troubles() == [
        ("warning", "folder", "churn/v 2/"),
        ("warning", "folder", "my model/"),
        ("warning", "folder", "the registry's root"),
        ("warning", "folder", "churn/trail/"),
    ]


def test_a_link_out_of_the_registry_is_an_error(place: Place, tmp_path: Path):
    write(tmp_path, "secret", "x")
    (place.root / "churn/1/extra").symlink_to(tmp_path / "secret")
    found = place.trouble()
    assert (found.severity, found.where) == ("error", "churn/1/extra")
    assert "leads out of the registry's root" in found.what


@pytest.mark.parametrize("name", ["model.pkl", "requirements.lock", "metrics.json"])
def test_a_file_that_the_record_names_and_that_is_not_there_is_an_error(place: Place, name: str):
    (place.root / "churn/1" / name).unlink()
    found = place.trouble()
    assert (found.severity, found.where) == ("error", "churn/1")
    assert f"{name} is not there, though the record names it" in found.what


@pytest.mark.parametrize("path", ["../2/model.pkl", "/etc/passwd", "C:\\model.pkl", ""])
@pytest.mark.parametrize("subject", ["artifact", "metrics", "lock file"])
def test_a_path_out_of_the_versions_folder_is_an_error(place: Place, path: str, subject: str):
    write_version(place.root, replace(place.record, version="2"))
    if subject == "artifact":
        place.change(artifact=Artifact(path=path, sha256=OTHER))
    elif subject == "metrics":
        place.change(metrics=Metrics(path=path))
    else:
        place.change(environment=Environment(lockfile=path or "..", sha256=OTHER))
    for depth in ("records", "hashes"):
        found = place.trouble(depth=depth)
        assert (found.severity, found.subject, found.where) == ("error", subject, "churn/1")
        assert "is not one in the version's folder" in found.what


def test_an_artifact_of_another_size_is_an_error_without_reading_it(place: Place):
    write(place.root, "churn/1/model.pkl", "longer than it was when it was registered")
    found = place.trouble()
    assert (found.severity, found.subject) == ("error", "artifact")
    assert "the artifact model.pkl has 41 bytes, the record says 19" in found.what


def test_an_artifact_without_a_hash_is_a_warning(place: Place):
    place.change(artifact=Artifact(path="model.pkl"))
    found = place.trouble()
    assert (found.severity, found.subject) == ("warning", "artifact")
    assert "no hash" in found.what


def test_metrics_that_are_not_flat_are_a_warning_and_others_an_error(place: Place):
    write(place.root, "churn/1/metrics.json", '{"auc": 0.9, "confusion": [[1]]}')
    assert [(each[0], each[1]) for each in place.troubles()] == [("warning", "metrics")]
    write(place.root, "churn/1/metrics.json", "auc = 0.9")
    assert [(each[0], each[1]) for each in place.troubles()] == [("error", "metrics")]


def test_fields_that_are_missing_are_named_with_how_to_fill_them(place: Place):
    place.change(owner=None, data=(), note=None, code=None, metrics=None, artifact=None)
    found = place.trouble()
    assert (found.severity, found.subject) == ("warning", "fields")
    assert found.what == "the record does not say: artifact, commit, data, metrics, owner, note"
    for how in (
        "--artifact PATH",
        "git repository",
        "--data NAME=REF",
        "--metrics FILE",
        "--owner NAME",
        "--note TEXT",
    ):
        assert how in found.action


def test_a_dirty_working_tree_is_a_warning(place: Place):
    place.change(code=replace(place.record.code, dirty=True))
    found = place.trouble()
    assert (found.severity, found.subject) == ("warning", "commit")
    assert "changes that no commit has" in found.what


def test_a_commit_that_is_not_in_the_repository_is_one_error_for_all_its_versions(place: Place):
    for version in ("1", "2", "3"):
        write_version(place.root, replace(place.record, version=version, code=Code(commit="0" * 40)))
    found = place.trouble()
    assert (found.severity, found.subject) == ("error", "commit")
    assert found.where.endswith(" and 2 more")
    assert "commit 0000000000 is not in the repository" in found.what
    assert "git fetch" in found.action


def test_a_commit_of_another_repository_is_not_known(place: Place):
    place.repo.git("remote", "add", "origin", "git@example.org:shop/churn.git")
    place.change(code=Code(commit="0" * 40, repo="https://example.org/shop/churn"))
    assert place.trouble().severity == "error"
    place.change(code=Code(commit="0" * 40, repo="https://example.org/shop/fraud"))
    found = place.trouble()
    assert found.severity == "unknown"
    assert "another repository" in found.what


def test_a_commit_that_a_shallow_clone_lacks_is_not_known(place: Place, tmp_path: Path):
    place.repo.commit("two", {"a.py": "2"})
    place.repo.git("clone", "--quiet", "--depth", "1", place.repo.folder.as_uri(), str(tmp_path / "clone"))
    place.repo.folder = tmp_path / "clone"
    found = place.trouble()
    assert (found.severity, found.action) == ("unknown", "git fetch --unshallow")


def test_without_a_repository_commits_are_not_known(place: Place, tmp_path: Path):
    place.repo.folder = tmp_path
    write(tmp_path, "data/train.csv", "a,b\n")
    found = place.trouble()
    assert (found.severity, found.subject) == ("unknown", "commit")
    assert "is not in a git repository" in found.what


def test_data_that_is_not_on_this_machine_is_a_warning(place: Place):
    place.change(data=(Data(name="train", ref="data/gone.csv"), Data(name="test", ref="file:///gone/test.csv")))
    assert place.troubles() == [("warning", "data", "churn/1")] * 2


def test_data_in_a_bucket_is_looked_up_by_whom_it_is_handed(place: Place):
    asked: list[str] = []

    def exists(uri: str) -> bool:
        asked.append(uri)
        if "down" in uri:
            raise ObjectsUnreachable("s3://down does not answer: try again later")
        return "gone" not in uri

    place.exists = exists
    refs = ["s3://b/here.csv", "s3://b/gone.csv", "s3://down/x.csv"]
    place.change(data=tuple(Data(name="train", ref=ref) for ref in refs))
    assert place.troubles() == [("error", "data", "churn/1"), ("unknown", "data", "churn/1")]
    assert sorted(asked) == sorted(refs)


def test_data_that_nobody_can_look_up_from_here_is_not_known_and_keeps_its_password(place: Place):
    place.change(data=(Data(name="train", ref="postgresql://ana:hunter2@db/shop"),))
    found = place.trouble()
    assert (found.severity, found.subject) == ("unknown", "data")
    assert "postgresql://ana:***@db/shop can't be looked up from here" in found.what


def test_data_is_looked_up_once_however_many_versions_were_trained_on_it(place: Place):
    asked: list[str] = []
    place.exists = lambda uri: bool(asked.append(uri)) or False
    for version in ("1", "2", "3"):
        write_version(place.root, replace(place.record, version=version, data=(Data(name="a", ref="s3://b/x"),)))
    assert place.trouble().where.endswith(" and 2 more")
    assert asked == ["s3://b/x"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_data_that_changed_is_found_where_hashes_are_checked(place: Place, is_folder: bool):
    path = write(place.repo.folder, "parts/a.csv" if is_folder else "part.csv", "1")
    ref = "parts" if is_folder else "part.csv"
    digest = hash_folder(path.parent) if is_folder else hash_bytes(b"1")
    place.change(data=(Data(name="train", ref=ref, digest=f"sha256:{digest}"),))
    assert place.troubles(depth="hashes") == []
    path.write_text("2")
    assert place.troubles() == []
    found = place.trouble(depth="hashes")
    assert (found.severity, found.subject) == ("error", "data")
    assert "is not what it was" in found.what


@pytest.mark.parametrize(("name", "subject"), [("model.pkl", "artifact"), ("requirements.lock", "lock file")])
def test_a_file_that_changed_is_found_where_hashes_are_checked(place: Place, name: str, subject: str):
    path = place.root / "churn/1" / name
    write(place.root, f"churn/1/{name}", path.read_bytes().swapcase())
    assert place.troubles() == []
    found = place.trouble(depth="hashes")
    assert (found.severity, found.subject, found.where) == ("error", subject, "churn/1")
    assert f"the {subject} {name} is not what was registered" in found.what
    assert "do not deploy it" in found.action


@pytest.mark.parametrize("path", ["model", "model/", "./model", "."])
def test_an_artifact_that_is_a_folder_is_hashed_over_its_files(place: Place, path: str):
    folder = place.root / "churn/2"
    for name in ("MLmodel", "data/weights.bin"):
        write(folder, name if path == "." else f"model/{name}", f"of {name}")
    sha256 = hash_folder(folder if path == "." else folder / "model")
    record = replace(
        place.record, version="2", artifact=Artifact(path=path, sha256=sha256), metrics=None, environment=None
    )
    write_version(place.root, record, files={})
    assert place.troubles(depth="hashes") == [("warning", "fields", "churn/2")]
    write(folder, "new" if path == "." else "model/new", "x")
    assert ("error", "artifact", "churn/2") in place.troubles(depth="hashes")


def test_a_folder_with_one_file_is_not_that_file(place: Place):
    write(place.root, "churn/1/model/weights.bin", "x")
    place.change(artifact=Artifact(path="model", sha256=hash_bytes(b"x")))
    assert place.trouble(depth="hashes").subject == "artifact"


def test_a_file_that_cant_be_hashed_is_not_known(place: Place, tmp_path: Path):
    write(tmp_path, "elsewhere", "x")
    (place.root / "churn/1/model.pkl").unlink()
    (place.root / "churn/1/model.pkl").symlink_to(tmp_path / "elsewhere")
    place.change(artifact=Artifact(path="model.pkl", sha256=OTHER))
    (place.root / "churn/1/model.pkl").unlink()
    (place.root / "churn/1/model.pkl").symlink_to(tmp_path / "elsewhere")
    assert ("unknown", "artifact", "churn/1") in place.troubles(depth="hashes")


def test_progress_of_hashing_is_told_in_bytes(place: Place):
    steps: list[Step] = []
    outside = Outside(repository=place.repo.folder, data=DataPlaces(folders=(), exists=lambda _: True))
    objects = LocalObjects(place.root)
    list(verify_registry(objects, Scope(), depth="hashes", outside=outside, tell=steps.append))
    last = {step.phase: (step.done, step.total) for step in steps}
    size = sum(
        (place.root / "churn/1" / name).stat().st_size for name in ("model.pkl", "metrics.json", "requirements.lock")
    )
    assert last == {
        "listing": (5, 0),
        "reading versions": (1, 1),
        "reading events": (1, 1),
        "hashing": (size, size),
    }


def test_an_event_that_cant_be_read_is_an_error(place: Place):
    write(place.root, "churn/trail/odd.json", "{")
    copied = (place.root / "churn/trail" / f"{a_withdrawal().id}.json").read_bytes()
    write(place.root, "churn/trail/copy.json", copied)
    assert place.troubles() == [
        ("error", "trail", "churn/trail/copy.json"),
        ("error", "trail", "churn/trail/odd.json"),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "which does not exist"),
        ({"upload.json": "{}"}, "whose registration was never finished"),
        ({"model.pkl": "x"}, "which was never registered"),
        ({"version.json": "{"}, "whose record can't be used"),
    ],
)
def test_an_event_about_a_version_that_is_not_there_is_an_error(place: Place, files: dict[str, str], says: str):
    event = write_event(place.root, a_withdrawal("2", number=2))
    for name, content in files.items():
        write(place.root, f"churn/2/{name}", content)
    found = [each for each in place.look() if each.subject == "trail"]
    assert [(each.severity, each.where) for each in found] == [("error", f"churn/trail/{event.id}.json")]
    assert found[0].what == f"the withdrawal names version 2, {says}"


def test_all_versions_and_gates_that_an_event_names_must_be_there(place: Place):
    write_version(place.root, replace(place.record, version="2026.11.1"))
    for event in EVENTS:
        if event.kind in {"deployment", "drill", "gate"}:
            write_event(place.root, event)
    what = [each.what for each in place.look() if each.subject == "trail"]
    assert sorted(what) == [
        "the deployment names version 2026.10.2, which does not exist",
        "the drill names version 2026.11.2, which does not exist",
        "the gate names version 2026.10.2, which does not exist",
    ]
    (place.root / f"churn/trail/{event_id('gate')}.json").unlink()
    assert f"it rests on the gate {event_id('gate')}, which is not in the trail" in [each.what for each in place.look()]


def test_a_model_or_a_version_can_be_verified_alone(place: Place):
    write(place.root, "churn/2/version.json", "{")
    write(place.root, "fraud/1/version.json", "{")
    write_event(place.root, a_withdrawal("3", number=2))
    assert len(place.troubles()) == 3
    assert place.troubles(Scope(model="fraud")) == [("error", "record", "fraud/1")]
    assert place.troubles(Scope(model="churn", version="2")) == [("error", "record", "churn/2")]
    assert place.troubles(Scope(model="churn", version="1")) == []


def test_what_is_not_there_can_not_be_verified(place: Place, tmp_path: Path):
    with pytest.raises(NotInRegistry, match="no model fraud"):
        place.look(Scope(model="fraud"))
    with pytest.raises(NotInRegistry, match="no version 9 of churn"):
        place.look(Scope(model="churn", version="9"))
    with pytest.raises(NameRefused):
        place.look(Scope(model=".."))
    with pytest.raises(NameRefused):
        place.look(Scope(model="churn", version="../.."))
    place.root = tmp_path / "gone"
    with pytest.raises(RootMissing):
        place.look()
