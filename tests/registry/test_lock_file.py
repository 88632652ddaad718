from __future__ import annotations

from pathlib import Path

import pytest

from lean_core.registry.lock_file import LOCK_FILES, find_lock_files, is_pinned


def names(found: tuple[Path, ...]) -> list[str]:
    return [path.name for path in found]


@pytest.mark.parametrize(
    "text",
    [
        "numpy==1.2.3\n",
        "# by pip-compile\n--index-url https://host/simple\nnumpy==1.2.3 \\\n  --hash=sha256:ab\npandas[all]===2.0",
        "numpy==1.2.3 ; python_version >= '3.11'\npkg @ https://host/pkg.whl\nother==1.0  # via numpy\r\n",
    ],
)
def test_a_requirements_file_with_a_version_for_each_is_a_lock(text: str):
    assert is_pinned(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "numpy\n",
        "numpy>=1.2\n",
        "numpy==1.*\n",
        "numpy==1.2,<2\n",
        "numpy==1\npandas\n",
        "-r base.txt\n",
        "-e .\n",
    ],
)
def test_any_other_is_none(text: str):
    assert not is_pinned(text)


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_file_is_known_by_its_name(tmp_path: Path, name: str):
    (tmp_path / name).write_text("x")
    assert names(find_lock_files(tmp_path, tmp_path)) == [name]


def test_the_surest_comes_first(tmp_path: Path):
    for name in ("requirements-dev.txt", "requirements.txt", "poetry.lock", "uv.lock"):
        (tmp_path / name).write_text("numpy==1.0\n")
    (tmp_path / "requirements-loose.txt").write_text("numpy\n")
    found = names(find_lock_files(tmp_path, tmp_path))
    assert found == ["uv.lock", "poetry.lock", "requirements.txt", "requirements-dev.txt"]


def test_the_nearest_folder_up_to_the_root_has_it(tmp_path: Path):
    work = tmp_path / "repo" / "models" / "churn"
    work.mkdir(parents=True)
    (tmp_path / "uv.lock").write_text("not ours")
    assert find_lock_files(work, tmp_path / "repo") == ()
    (tmp_path / "repo" / "uv.lock").write_text("x")
    assert find_lock_files(work, tmp_path / "repo") == ((tmp_path / "repo" / "uv.lock").resolve(),)
    (work / "requirements.txt").write_text("numpy==1.0")
    assert names(find_lock_files(work, tmp_path / "repo")) == ["requirements.txt"]
    assert find_lock_files(tmp_path, tmp_path / "repo") == ((tmp_path / "uv.lock").resolve(),)
