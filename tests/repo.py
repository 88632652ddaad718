"""A real git repository, for tests that need one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

Files = dict[str, str | bytes | None]


class Repo:
    """A real repository, with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.minute = 0
        folder.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        who = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": f"2026-11-23T12:{self.minute:02}:00+02:00"}
        env = os.environ | {
            f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()
        }
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments], env=env, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    def commit(self, subject: str, files: Files) -> str:
        """Write the files (None removes one) and return the commit's hash."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
        self.minute += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")
