"""Find the shortcuts that a repository's own comments admit. docs/debt.md is the reference of what counts."""

from lean_core.debt.scan.marker import Marker, Scan, draft_of
from lean_core.debt.scan.scan import scan

__all__ = ["Marker", "Scan", "draft_of", "scan"]
