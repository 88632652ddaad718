"""The doctor: what is wrong with a workspace, and what to do about it."""

from lean_core.doctor.examine import examine
from lean_core.doctor.finding import Finding, Severity, worst

__all__ = ["Finding", "Severity", "examine", "worst"]
