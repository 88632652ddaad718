"""Readers of what people have, and which of them opens a source."""

from lean_core.runs.readers.opener import open_reader

__all__ = ["open_reader"]
