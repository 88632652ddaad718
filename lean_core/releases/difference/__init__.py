"""What changed between two versions."""

from lean_core.releases.difference.code import CodeChange, ReviewedCommit, read_code_change
from lean_core.releases.difference.compare import NAMES, Difference, compare_versions
from lean_core.releases.difference.item import ChangedValue, Item, Status
from lean_core.releases.difference.lock_file import read_packages
from lean_core.releases.difference.side import Packages, Side, describe_side

__all__ = [
    "NAMES",
    "ChangedValue",
    "CodeChange",
    "Difference",
    "Item",
    "Packages",
    "ReviewedCommit",
    "Side",
    "Status",
    "compare_versions",
    "describe_side",
    "read_code_change",
    "read_packages",
]
