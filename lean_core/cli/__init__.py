"""The command `lean-mlops`: parse, call, print."""

from lean_core.cli.main import main

__all__ = ["main"]
