from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.errors import NameRefused
from lean_core.registry import fold_hashes, hash_file, hash_folder, list_files

SHELL = r"find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -c -64"
PAIRS = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=8), st.binary(max_size=4).map(lambda each: hashlib.sha256(each).hexdigest())
    ),
    unique_by=lambda pair: pair[0],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose files sort differently by folder, by locale and by code point."""
    folder = tmp_path / "model"
    for path, text in {
        "b/c": "1",
        "b.txt": "2",
        "B": "3",
        "a b": "4",
        "é": "5",
        "z\U0001f600": "6",
        "z\uffee": "7",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_a_file_has_the_sha256_of_its_bytes_and_tells_its_progress(tmp_path: Path):
    content = os.urandom(2_500_000)
    (tmp_path / "a").write_bytes(content)
    steps: list[int] = []
    assert hash_file(tmp_path / "a", progress=steps.append) == hashlib.sha256(content).hexdigest()
    assert sum(steps) == len(content)
    assert len(steps) > 1


def test_a_folder_has_the_hash_that_a_shell_computes(folder: Path):
    shell = subprocess.run(["bash", "-c", SHELL], cwd=folder, capture_output=True, text=True, check=True)
    assert hash_folder(folder) == shell.stdout.strip()


def test_an_empty_folder_counts_for_nothing(folder: Path):
    before = hash_folder(folder)
    (folder / "empty").mkdir()
    assert hash_folder(folder) == before


@pytest.mark.parametrize("change", ["content", "name", "one more", "one less"])
def test_every_change_in_a_folder_changes_its_hash(folder: Path, change: str):
    before = hash_folder(folder)
    if change == "content":
        (folder / "b/c").write_text("x")
    elif change == "name":
        (folder / "b/c").rename(folder / "b/d")
    elif change == "one more":
        (folder / "new").write_text("")
    else:
        (folder / "B").unlink()
    assert hash_folder(folder) != before


def test_a_link_to_a_file_counts_as_the_file(folder: Path, tmp_path: Path):
    before = hash_folder(folder)
    (folder / "B").rename(tmp_path / "blob")
    (folder / "B").symlink_to(tmp_path / "blob")
    assert hash_folder(folder) == before


def test_a_link_to_a_folder_is_refused(folder: Path):
    (folder / "loop").symlink_to(folder)
    with pytest.raises(NameRefused, match="loop is a link to a folder"):
        list_files(folder)


def test_a_name_that_no_registry_can_hold_is_refused(folder: Path):
    (folder / "back\\slash").write_text("")
    with pytest.raises(NameRefused):
        list_files(folder)


@given(pairs=PAIRS, random=st.randoms())
def test_the_order_in_which_files_are_hashed_does_not_matter(pairs: list[tuple[str, str]], random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert fold_hashes(shuffled) == fold_hashes(pairs)


@given(one=PAIRS, other=PAIRS)
def test_folders_that_differ_have_different_hashes(one: list[tuple[str, str]], other: list[tuple[str, str]]):
    assert (fold_hashes(one) == fold_hashes(other)) == (sorted(one) == sorted(other))
