"""Where the files of a registered version are."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from lean_core.runs.artifacts import ArtifactLocation, Unreachable
from lean_core.runs.query.registered import SourceVersion
from lean_core.runs.readers.opener import local_path
from lean_core.runs.source import Source
from lean_core.settings import redact, scheme_of


def locate_version(version: SourceVersion, source: Source) -> ArtifactLocation | Unreachable:
    """Return where the files of a registered version are: on this machine where they can be found here."""
    served = scheme_of(source.uri) in {"http", "https"}
    tracking_uri = source.uri if served else None
    if version.path and Path(version.path).is_dir():
        return ArtifactLocation(uri=version.uri, path=version.path, tracking_uri=tracking_uri)
    if not version.uri:
        return Unreachable(reason=f"{version.model}/{version.version} does not say where its files are.")
    uri = version.uri
    if uri.startswith("models:/"):
        return Unreachable(
            reason=f"{version.model}/{version.version} is the logged model {uri}, which the source does not have."
        )
    if uri.startswith("runs:/"):
        return _of_run(version, tracking_uri)
    from lean_core.runs.artifact_location import resolve

    local = None if served else resolve(uri, store_folder=_store_folder(source))
    return ArtifactLocation(uri=uri, path=str(local) if local else None, tracking_uri=tracking_uri)


def _of_run(version: SourceVersion, tracking_uri: str | None) -> ArtifactLocation | Unreachable:
    """Follow ``runs:/<run>/<path>`` into the run's artifacts."""
    _, _, inside = (version.uri or "").removeprefix("runs:/").partition("/")
    run = version.run
    if run is None or ".." in inside.split("/"):
        return Unreachable(reason=f"{redact(version.uri or '')} names a run that the source does not have.")
    path = Path(run.artifact_path, unquote(inside)) if run.artifact_path else None
    return ArtifactLocation(
        uri=f"{run.artifact_uri.rstrip('/')}/{inside}" if run.artifact_uri else None,
        path=str(path) if path and path.is_dir() else None,
        tracking_uri=tracking_uri,
    )


def _store_folder(source: Source) -> Path:
    if scheme_of(source.uri) not in {None, "sqlite", "file"}:
        return source.folder
    path = local_path(source)
    return path.parent if path.is_file() or path.name == "mlruns" else path
