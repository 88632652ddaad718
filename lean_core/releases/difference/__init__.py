"""What changed between two versions."""

from lean_core.releases.difference.between import Chosen, choose_by_date, read_difference
from lean_core.releases.difference.code import CodeChange, ReviewedCommit, read_code_change
from lean_core.releases.difference.compare import NAMES, Difference, compare_versions
from lean_core.releases.difference.item import ChangedValue, Item, Status
from lean_core.releases.difference.lock_file import parse_lock_file, read_packages
from lean_core.releases.difference.side import Packages, Side, describe_side

__all__ = [
    "NAMES",
    "ChangedValue",
    "Chosen",
    "CodeChange",
    "Difference",
    "Item",
    "Packages",
    "ReviewedCommit",
    "Side",
    "Status",
    "choose_by_date",
    "compare_versions",
    "describe_side",
    "parse_lock_file",
    "read_code_change",
    "read_difference",
    "read_packages",
]
