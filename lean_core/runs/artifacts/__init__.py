"""A run's artifacts: listed where they can be reached, previewed within bounds, never loaded."""

from lean_core.runs.artifacts.artifact import Artifact, ArtifactLocation, Unreachable, loading_risk
from lean_core.runs.artifacts.fetch import fetch_artifacts
from lean_core.runs.artifacts.look import list_artifacts, preview, preview_content, read_head
from lean_core.runs.artifacts.preview import Preview

__all__ = [
    "Artifact",
    "ArtifactLocation",
    "Preview",
    "Unreachable",
    "fetch_artifacts",
    "list_artifacts",
    "loading_risk",
    "preview",
    "preview_content",
    "read_head",
]
