"""Verify what a registry says of itself: against its files, its trail, the repository and the data."""

from lean_core.registry.verify.finding import Finding, Severity, Subject
from lean_core.registry.verify.registry import Depth, Outside, Scope, verify_registry

__all__ = ["Depth", "Finding", "Outside", "Scope", "Severity", "Subject", "verify_registry"]
