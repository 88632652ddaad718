"""Folders of runs that nobody wrote in a common format."""

from lean_core.runs.readers.plain_folder.reader import PlainFolderReader

__all__ = ["PlainFolderReader"]
