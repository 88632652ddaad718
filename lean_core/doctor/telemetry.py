"""Whether telemetry has the secrets that it needs from the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lean_core.doctor.finding import Finding
from lean_core.settings import TelemetrySettings


def check_telemetry(telemetry: Mapping[str, TelemetrySettings], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield whether each variable that a block of lean.toml names is set, never what it holds."""
    for name, each in telemetry.items():
        for variable in filter(None, (each.token_env, each.uri_env)):
            if environ.get(variable):
                yield Finding(severity="ok", about=f"telemetry {name}", message=f"{variable} is set")
            else:
                yield Finding(
                    severity="warning",
                    about=f"telemetry {name}",
                    message=f"the environment variable {variable} is not set: its signals can't be read from here",
                    action=f"export {variable}, here and where `lean-mlops signals` runs",
                )
