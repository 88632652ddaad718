"""URIs of sources: what they are, and how they may be shown."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

SCHEMES = frozenset({"sqlite", "file", "postgresql", "postgres", "mysql", "http", "https"})

# Greedy up to the last @, because people forget to escape a / or @ in a password: hiding too much beats too little.
_PASSWORD = re.compile(r"(://[^\s:]*):\S*@")
_USER_IS_TOKEN = re.compile(r"(https?://)[^\s:/?#@]+@", re.IGNORECASE)
_SECRET_ARGUMENT = re.compile(r"(\w*(?:password|passwd|pwd|token|secret|key)=)[^\s&]+", re.IGNORECASE)


def redact(text: str) -> str:
    """Return a URI, or a text with URIs in it, without passwords and tokens."""
    text = _PASSWORD.sub(r"\1:***@", text)
    text = _USER_IS_TOKEN.sub(r"\1***@", text)
    return _SECRET_ARGUMENT.sub(r"\1***", text)


def scheme_of(uri: str) -> str | None:
    """Return the scheme of a URI in lower case and without its driver (``mysql+pymysql``), or None for a path."""
    match = re.match(r"([A-Za-z][A-Za-z0-9.-]+)(?:\+[\w.]+)?:(?=/)", uri)  # one letter is a Windows drive
    return match[1].lower() if match else None


def path_of(uri: str, folder: Path) -> Path:
    """Return the path that a ``sqlite:``, ``file:`` or bare path means, from a folder."""
    text = uri
    if scheme_of(text) == "sqlite":
        # SQLAlchemy's form: three slashes before a relative path, four before an absolute one.
        text = text.split("://", 1)[1].removeprefix("/").partition("?")[0]
    elif scheme_of(text) == "file":
        text = url2pathname(urlsplit(text).path)
    return (folder / Path(text).expanduser()).resolve()
