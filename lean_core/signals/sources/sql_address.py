"""Find the address of a database, and keep its password out of what is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lean_core.settings import redact
from lean_core.signals.answer import Source, Unread

if TYPE_CHECKING:
    from lean_core.settings import TelemetrySettings

SILENCE_SECONDS = 30
"""After which a connection over which nothing arrives counts as broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is."""

    uri: str = field(repr=False)
    """With its password."""
    written: str
    """Where a person corrects it."""

    @property
    def place(self) -> str:
        """The address without its password, and without parameters: one that is misspelt may hold another."""
        return redact(self.uri).partition("?")[0]

    def for_libpq(self, wait: float) -> str:
        """Return an address that libpq understands: without SQLAlchemy's driver, with bounded waiting (seconds)."""
        address = re.sub(r"^[A-Za-z]+(\+\w+)?://", "postgresql://", self.uri)
        bounds = {
            "connect_timeout": max(2, math.ceil(wait)),  # libpq takes no less
            "tcp_user_timeout": SILENCE_SECONDS * 1000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 4,
            "fallback_application_name": "lean-mlops",
        }
        for name, value in bounds.items():
            if f"{name}=" not in address:
                address += f"{'&' if '?' in address else '?'}{name}={value}"
        return address


def find_address(telemetry: TelemetrySettings, environ: Mapping[str, str]) -> Address | Unread:
    """Return where the database is, as the settings say or the variable that they name."""
    name = telemetry.uri_env
    if not name:
        return Address(uri=telemetry.uri, written="its uri in lean.toml")
    written = f"the environment variable {name}"
    uri = environ.get(name, "").strip()
    if not uri:
        sentence = f"T{written[1:]}, which holds the address of the database, is not set."
        return Unread(trouble="unauthorised", sentence=sentence, source=Source(place=name))
    if not re.fullmatch(r"postgres(ql)?(\+\w+)?://[\x21-\x7e]*", uri, re.IGNORECASE):
        sentence = f"T{written[1:]} holds no address of a PostgreSQL: write postgresql://user:password@host/database."
        return Unread(trouble="malformed", sentence=sentence, source=Source(place=name))
    return Address(uri=uri, written=written)
