"""Writing a lean.toml that is not there yet."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from lean_core.errors import SettingsError, StoreReadOnly, UsageError
from lean_core.settings.workspace import FILE_NAME


def create_settings(folder: Path, text: str) -> Path:
    """Write ``text`` as the folder's lean.toml, whole or not at all, and return its path.

    Raises:
        UsageError: there is one already, or there is no such folder.
        StoreReadOnly: the folder can't be written to.
    """
    path = folder / FILE_NAME
    draft = folder / f".{FILE_NAME}-{secrets.token_hex(4)}"
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)  # unlike a rename, it never takes the place of a file that somebody else wrote
        finally:
            draft.unlink()
    except FileExistsError:
        raise SettingsError(f"{path} is there already and was not touched: edit it, or move it away first") from None
    except FileNotFoundError:
        raise UsageError(f"there is no folder {folder}: make it first") from None
    except OSError as error:
        raise StoreReadOnly(
            f"{path} can't be written ({error.strerror}): change the folder's permissions, or use another"
        ) from None
    return path
