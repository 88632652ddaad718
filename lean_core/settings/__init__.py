"""lean.toml: which folder is the workspace, and what it is told about its surroundings."""

from lean_core.settings.create import create_settings
from lean_core.settings.parse import load_settings, parse_settings
from lean_core.settings.shape import (
    EnvironmentsSettings,
    ProbeSettings,
    RegistrySettings,
    RunsSettings,
    ServerSettings,
    Settings,
    SourceSettings,
    StoreSettings,
    WorkspaceSettings,
)
from lean_core.settings.uri import SCHEMES, path_of, redact, scheme_of
from lean_core.settings.workspace import ENVIRONMENT_VARIABLE, FILE_NAME, choose_folder, find_workspace

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "FILE_NAME",
    "SCHEMES",
    "EnvironmentsSettings",
    "ProbeSettings",
    "RegistrySettings",
    "RunsSettings",
    "ServerSettings",
    "Settings",
    "SourceSettings",
    "StoreSettings",
    "WorkspaceSettings",
    "choose_folder",
    "create_settings",
    "find_workspace",
    "load_settings",
    "parse_settings",
    "path_of",
    "redact",
    "scheme_of",
]
