"""Words that more than one area says."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """Say how many, such as ``1 error`` or ``12 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
