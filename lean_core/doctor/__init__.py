"""The doctor: what is wrong with a workspace, and what to do about it."""

from lean_core.doctor.examine import examine
from lean_core.doctor.finding import Finding, Severity, worst
from lean_core.doctor.registry import RegistryLook, check_versions

__all__ = ["Finding", "RegistryLook", "Severity", "check_versions", "examine", "worst"]
