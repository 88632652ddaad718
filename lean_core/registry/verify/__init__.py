"""Verify what a registry says of itself: against its files, its trail, the repository and the data."""

from lean_core.registry.verify.finding import Finding, Severity, Subject
from lean_core.registry.verify.hashes import Claim, check_hashes, claims_of
from lean_core.registry.verify.registry import Depth, Outside, Scope, verify_registry

__all__ = [
    "Claim",
    "Depth",
    "Finding",
    "Outside",
    "Scope",
    "Severity",
    "Subject",
    "check_hashes",
    "claims_of",
    "verify_registry",
]
