"""Which file of the repository defines how a version is deployed, by the command or the CI that the trail names."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lean_core.checkpoint.check import Action
from lean_core.git import GitError, read_git

LARGEST = 1_000_000
"""Bytes of a file that is looked into."""
_CI: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"/actions/runs/", (".github/workflows/*.yml", ".github/workflows/*.yaml")),
    (r"/-/(jobs|pipelines)/", (".gitlab-ci.yml",)),
    (r"circleci\.com/", (".circleci/config.yml",)),
    (r"dev\.azure\.com/|visualstudio\.com/", ("azure-pipelines.yml",)),
    (r"bitbucket\.org/", ("bitbucket-pipelines.yml",)),
    (r"/job/[^/]+/\d+", ("Jenkinsfile",)),
)
"""What the address of a run looks like, and where its definition lies."""
_TOOLS: dict[str, tuple[str, ...]] = {
    "docker": ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "Dockerfile"),
    "podman": ("compose.yaml", "Containerfile", "Dockerfile"),
    "fly": ("fly.toml",),
    "flyctl": ("fly.toml",),
    "heroku": ("Procfile",),
    "gcloud": ("app.yaml", "cloudbuild.yaml", "Dockerfile"),
    "terraform": ("*.tf",),
    "tofu": ("*.tf",),
    "sam": ("template.yaml", "template.yml"),
    "serverless": ("serverless.yml",),
    "sls": ("serverless.yml",),
    "kustomize": ("kustomization.yaml",),
    "helm": ("Chart.yaml",),
    "git": ("Procfile",),
    "render": ("render.yaml",),
    "dvc": ("dvc.yaml",),
}
"""Programs, and the files that they deploy by."""
_SHELLS = frozenset({"sh", "bash", "zsh", "ksh", "source", "."})
_CODE = frozenset(
    {".sh", ".bash", ".ps1", ".bat", ".py", ".r", ".R", ".js", ".ts", ".rb", ".pl"}
    | {".yml", ".yaml", ".json", ".toml", ".tf", ".hcl", ".ini", ".cfg"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The file by which anybody could do it again."""

    path: str
    """From the repository's root."""
    digest: str
    sentence: str
    committed: bool
    """Whether a commit has it as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """Why there is none."""

    sentence: str
    action: Action | None = None


def find_definition(how: str, *, folder: Path, root: Path | None) -> Definition | Undefined:
    """Find the file that defines a deployment.

    Args:
        how: the command, or the address of the CI's run, as the deployment says.
        folder: where the command was run: the workspace's.
        root: of the repository; None outside of one.
    """
    if root is None:
        return Undefined(
            sentence=f"What defines “{how}” can't be looked up: {folder} is in no git repository.",
            action=Action(sentence="Name the repository of the code: [workspace] repository in lean.toml."),
        )
    for path, what in _candidates(how, folder, root):
        return _describe(path, what, root)
    return Undefined(
        sentence=f"No file of the repository defines “{how}”: only who did it knows how.",
        action=Action(
            sentence="Put the command into a script or a Makefile target that the repository has.",
            command="make deploy, sh deploy.sh, or a workflow of the CI",
        ),
    )


def _candidates(how: str, folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    if re.match(r"https?://", how):
        yield from _of_ci(how, root)
        return
    try:
        words = shlex.split(how)
    except ValueError:  # an open quote
        words = how.split()
    for at, word in enumerate(words):
        yield from _target(word, words[at + 1 :], folder, root)
    yield from _scripts(words, folder, root)
    for word in words:
        for pattern in _TOOLS.get(Path(word).name, ()):
            yield from ((path, f"which {Path(word).name} deploys by") for path in _glob(pattern, folder, root))


def _of_ci(address: str, root: Path) -> Iterator[tuple[Path, str]]:
    for shape, patterns in _CI:
        if re.search(shape, address):
            found = [path for pattern in patterns for path in sorted(root.glob(pattern)) if path.is_file()]
            # Of several workflows, the one that deploys.
            found.sort(key=lambda path: "lean-mlops deploy" not in _text(path))
            yield from ((path, "the pipeline of the CI") for path in found)


def _target(word: str, rest: Sequence[str], folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file with a named target: of make, just, npm."""
    names = [each for each in rest if not each.startswith("-") and "=" not in each]
    match Path(word).name:
        case "make" | "gmake":
            target = names[0] if names else ""
            for path in _glob("[Mm]akefile", folder, root):
                if not target or re.search(rf"^{re.escape(target)}\s*:(?!=)", _text(path), flags=re.MULTILINE):
                    yield path, f"its target {target}" if target else "its first target"
        case "just":
            for path in _glob("[Jj]ustfile", folder, root):
                if not names or re.search(rf"^@?{re.escape(names[0])}\b[^\n=]*:(?!=)", _text(path), flags=re.MULTILINE):
                    yield path, f"its recipe {names[0]}" if names else "its first recipe"
        case "npm" | "pnpm" | "yarn":
            script = next((each for each in names if each != "run"), "")
            for path in _glob("package.json", folder, root):
                if script in _npm_scripts(path):
                    yield path, f"its script {script}"
        case _:
            return


def _scripts(words: Sequence[str], folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that the command itself names."""
    modules = [words[at + 1].replace(".", "/") for at, word in enumerate(words[:-1]) if word == "-m"]
    run = [word for before, word in pairwise(["", *words]) if not before or before in _SHELLS or _is_code(word)]
    names = [*run, *(name for module in modules for name in (f"{module}.py", f"{module}/__main__.py"))]
    for name in names:
        for base in (folder, root):
            path = base / name
            try:
                inside = path.is_file() and path.resolve().is_relative_to(root.resolve())
            except OSError:  # too long for a name
                inside = False
            if inside:
                yield path, "the script that it runs"


def _is_code(word: str) -> bool:
    """Whether a word may name what a command runs or applies; others that name a file are its data, or mere prose."""
    return Path(word).suffix in _CODE


def _glob(pattern: str, folder: Path, root: Path) -> Iterator[Path]:
    for base in dict.fromkeys((folder.resolve(), root.resolve())):
        yield from sorted(path for path in base.glob(pattern) if path.is_file())


def _describe(path: Path, what: str, root: Path) -> Definition:
    top = root.resolve()
    name = path.resolve().relative_to(top).as_posix()
    try:
        tracked = read_git(top, "ls-files", "-z", "--", f":(top,literal){name}").text != ""
        clean = tracked and read_git(top, "status", "--porcelain", "-z", "--", f":(top,literal){name}").text == ""
    except GitError:
        clean = False
    return Definition(
        path=name,
        digest=f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        sentence=f"{name} defines it: {what}.",
        committed=clean,
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _npm_scripts(path: Path) -> Sequence[str]:
    try:
        return list(json.loads(_text(path))["scripts"])
    except (ValueError, KeyError, TypeError):
        return []
