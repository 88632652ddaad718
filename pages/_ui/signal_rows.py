"""The rows that make up a reading, where they are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lean_core.signals import Signal
    from lean_core.workbench import Workbench


def draw(workbench: Workbench, signal: Signal) -> None:
    """Draw a sample of them."""
