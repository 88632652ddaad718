"""Writing a lean.toml that is not there yet."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from lean_core.errors import SettingsError, UnavailableError, UsageError
from lean_core.settings.workspace import FILE_NAME


def create_settings(folder: Path, text: str) -> Path:
    """Write ``text`` as the folder's lean.toml, whole or not at all, and return its path.

    Raises:
        SettingsError: there is one already.
        UsageError: there is no such folder.
        UnavailableError: it can't be written.
    """
    path = folder / FILE_NAME
    draft = folder / f".{FILE_NAME}-{secrets.token_hex(4)}"
    try:
        try:
            with draft.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise SettingsError(f"{path} is there already and was not touched: edit it, or move it away first") from None
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{folder} is not a folder: make it, or name another") from None
    except OSError as error:
        raise UnavailableError(
            f"{path} can't be written ({error.strerror}): make room, change the folder's permissions, or use another"
        ) from None
    return path


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)  # unlike a rename, it never takes the place of a file that somebody else wrote
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as a USB stick's
        if path.exists():
            raise FileExistsError from None
        draft.rename(path)
