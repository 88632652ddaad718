"""Markers of a real repository, with the age that git tells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.debt.scan import Marker, Scan, draft_of, scan
from tests.repo import Repo

NOW = dt.datetime(2026, 12, 3, 12)  # the repository's clock stands at 23 November, 10:01 UTC and later
KEY = "AKIA" + "IOSFODNN7REALKEY"


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "project")


def look(folder: Path, *, decided: frozenset[str] = frozenset()) -> Scan:
    return scan(folder, decided=decided, now=NOW, tell=lambda _: None)


def only(found: Scan) -> Marker:
    (marker,) = found.markers
    return marker


def test_a_marker_is_found_with_its_author_and_age(repo: Repo):
    repo.commit("one", {"src/a.py": "x = 1\n# DEBT(ben): one key for all until 2027-03-01\n"})
    found = look(repo.folder)
    marker = only(found)
    assert (marker.path, marker.line, marker.word, marker.owner) == ("src/a.py", 2, "DEBT", "ben")
    assert (marker.author, marker.written, marker.age_days, marker.at_least) == (
        "Ada",
        dt.date(2026, 11, 23),
        10,
        False,
    )
    assert found.notes == ()


def test_a_marker_becomes_an_item(repo: Repo):
    repo.commit("one", {"src/a.py": "# DEBT(ben): one key for all until 2027-03-01\n"})
    assert draft_of(only(look(repo.folder))) == {
        "title": "one key for all",
        "instead": "A DEBT comment in src/a.py:1, last changed by Ada.",
        "location": "src/a.py:1",
        "owner": "ben",
        "trigger": "date >= 2027-03-01",
        "created": dt.date(2026, 11, 23),
    }


def test_a_long_or_an_empty_marker_still_has_a_title(repo: Repo):
    repo.commit("one", {"a.py": f"# TODO {'x' * 300}\n", "b.py": "# HACK\n"})
    long, empty = (draft_of(marker) for marker in look(repo.folder).markers)
    assert len(str(long["title"])) == 120
    assert "x" * 300 in str(long["instead"])
    assert empty["title"] == "HACK in b.py:1"


def test_what_was_decided_on_is_not_offered_again_even_where_it_moved(repo: Repo):
    repo.commit("one", {"a.py": "# TODO one\n# TODO two\n"})
    first = look(repo.folder).markers[0]
    repo.commit("two", {"a.py": "import os\n\n#  TODO  one\n# TODO two\n"})
    assert [marker.text for marker in look(repo.folder, decided=frozenset({first.fingerprint})).markers] == ["two"]


def test_the_same_words_twice_in_a_file_are_one_marker(repo: Repo):
    repo.commit("one", {"a.py": "# TODO same\n# TODO same\n", "b.py": "# TODO same\n"})
    assert [(marker.path, marker.line) for marker in look(repo.folder).markers] == [("a.py", 1), ("b.py", 1)]


def test_only_tracked_text_of_our_own_is_read(repo: Repo):
    marked = "# TODO no\n"
    files = {
        ".gitignore": "ignored.py\n",
        "node_modules/a.py": marked,
        "src/vendor/a.py": marked,
        "third_party/a.py": marked,
        "dist/a.js": "// TODO no\n",
        "a.min.js": "// TODO no\n",
        "long.js": f"// TODO no\n{'x' * 6_000}\n",
        "data.csv": marked,
        "binary.py": b"# TODO no\n\0",
        "huge.py": marked + "x = 1\n" * 200_000,
        "a.py": "# TODO yes\n",
    }
    repo.commit("one", files)
    (repo.folder / "untracked.py").write_text(marked)
    (repo.folder / "ignored.py").write_text(marked)
    found = look(repo.folder)
    assert only(found).path == "a.py"
    (note,) = found.notes
    assert note == (
        "Files that were not read: 4 of vendored or built folders, 2 minified or generated, 1 without text,"
        " 1 of kinds whose comments are not known, 1 larger than 1 MB."
    )


def test_a_link_out_of_the_repository_is_not_followed(repo: Repo, tmp_path: Path):
    (tmp_path / "outside.py").write_text("# TODO outside\n")
    repo.folder.joinpath("link.py").symlink_to(tmp_path / "outside.py")
    repo.commit("one", {"gone.py": "# TODO gone\n"})
    (repo.folder / "gone.py").unlink()
    found = look(repo.folder)
    assert found.markers == ()
    assert found.notes == ("Files that were not read: 2 tracked, but not in the working tree or a link.",)


def test_a_folder_within_the_repository_stands_for_all_of_it(repo: Repo):
    repo.commit("one", {"a.py": "# TODO top\n", "src/b.py": "# TODO below\n"})
    assert [marker.path for marker in look(repo.folder / "src").markers] == ["a.py", "src/b.py"]


def test_paths_with_blanks_accents_and_dashes_are_read(repo: Repo):
    names = ["-a.py", "b c.py", "é.py"]
    repo.commit("one", dict.fromkeys(names, "# TODO this\n"))
    found = look(repo.folder)
    assert [(marker.path, marker.age_days) for marker in found.markers] == [(name, 10) for name in names]


def test_a_line_that_is_in_no_commit_has_no_age(repo: Repo):
    repo.commit("one", {"a.py": "x = 1\n"})
    (repo.folder / "a.py").write_text("x = 1\n# TODO new\n")
    found = look(repo.folder)
    assert (only(found).age_days, only(found).author) == (None, "")
    assert found.notes == ("Markers without an age, since they are in no commit yet or git did not answer in time: 1.",)


def test_a_shallow_clone_says_that_it_may_be_older(repo: Repo, tmp_path: Path):
    repo.commit("one", {"a.py": "# TODO old\n"})
    repo.commit("two", {"a.py": "# TODO old\nx = 1\n"})
    repo.git("clone", "--quiet", "--depth", "1", repo.folder.as_uri(), str(tmp_path / "clone"))
    found = look(tmp_path / "clone")
    assert (only(found).age_days, only(found).at_least) == (10, True)
    assert found.notes == (
        "The clone is shallow, so a marker may be older than it says: git fetch --unshallow brings the history.",
    )


def test_a_credential_is_offered_without_its_text(repo: Repo):
    repo.commit("one", {"a.py": f"# TODO: move {KEY} to the vault\n# TODO fine\n"})
    found = look(repo.folder)
    marker, fine = found.markers
    assert (marker.text, marker.secret, marker.line) == ("", "AWS Access Key", 1)
    assert fine.text == "fine"
    assert KEY not in repr((found, draft_of(marker)))
    assert draft_of(marker)["title"] == "TODO in a.py:1"
    assert "looks like a credential (AWS Access Key)" in str(draft_of(marker)["instead"])
    assert found.notes == (
        "Markers with what looks like a credential, to be taken out and replaced where it is used: 1.",
    )


def test_outside_of_a_repository_it_says_so(tmp_path: Path):
    folder = tmp_path / "plain"
    folder.mkdir()
    assert look(folder) == Scan(markers=(), notes=(f"Nothing was scanned: {folder} is not in a git repository.",))


def test_a_repository_without_a_commit_has_markers_without_age(repo: Repo):
    (repo.folder / "a.py").write_text("# TODO first\n")
    repo.git("add", "a.py")
    assert only(look(repo.folder)).age_days is None


def test_no_program_that_the_repository_names_is_run(repo: Repo, tmp_path: Path):
    trap = tmp_path / "trapped"
    repo.commit("one", {".gitattributes": "*.py diff=trap\n", "a.py": "# TODO this\n"})
    repo.git("config", "diff.trap.textconv", f"touch {trap}; cat")
    assert only(look(repo.folder)).age_days == 10
    assert not trap.exists()


def test_it_tells_how_far_it_is(repo: Repo):
    repo.commit("one", {"a.py": "# TODO this\n"})
    told: list[str] = []
    scan(repo.folder, decided=frozenset(), now=NOW, tell=told.append)
    assert told == ["markers found: 1; decided on before: 0", "lines whose age git told: 1 of 1"]
