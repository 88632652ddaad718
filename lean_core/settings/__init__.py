"""lean.toml: which folder is the workspace, and what it is told about its surroundings."""

from lean_core.settings.create import create_settings
from lean_core.settings.duration import read_duration, write_duration
from lean_core.settings.gates import (
    ANY_MODEL,
    LIVE,
    ApprovalSettings,
    BaselineSettings,
    BusinessSettings,
    ColumnSettings,
    DataSettings,
    DuplicateSettings,
    FreshnessSettings,
    GateSettings,
    MetricSettings,
    RowSettings,
    TransformationSettings,
    WaiverSettings,
)
from lean_core.settings.heartbeats import JOB_PATTERN, NOT_SAID, HeartbeatSettings
from lean_core.settings.parse import load_settings, parse_settings
from lean_core.settings.shape import (
    CheckpointSettings,
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
from lean_core.settings.signals import IMPORTED_RUNS, LogColumns, SignalSettings, TelemetrySettings
from lean_core.settings.uri import SCHEMES, path_of, redact, scheme_of
from lean_core.settings.workspace import ENVIRONMENT_VARIABLE, FILE_NAME, choose_folder, find_workspace

__all__ = [
    "ANY_MODEL",
    "ENVIRONMENT_VARIABLE",
    "FILE_NAME",
    "IMPORTED_RUNS",
    "JOB_PATTERN",
    "LIVE",
    "NOT_SAID",
    "SCHEMES",
    "ApprovalSettings",
    "BaselineSettings",
    "BusinessSettings",
    "CheckpointSettings",
    "ColumnSettings",
    "DataSettings",
    "DuplicateSettings",
    "EnvironmentsSettings",
    "FreshnessSettings",
    "GateSettings",
    "HeartbeatSettings",
    "LogColumns",
    "MetricSettings",
    "ProbeSettings",
    "RegistrySettings",
    "RowSettings",
    "RunsSettings",
    "ServerSettings",
    "Settings",
    "SignalSettings",
    "SourceSettings",
    "StoreSettings",
    "TelemetrySettings",
    "TransformationSettings",
    "WaiverSettings",
    "WorkspaceSettings",
    "choose_folder",
    "create_settings",
    "find_workspace",
    "load_settings",
    "parse_settings",
    "path_of",
    "read_duration",
    "redact",
    "scheme_of",
    "write_duration",
]
