"""Folders that somebody else made, recognised by what lies in them; nothing in them is ever loaded."""

from lean_core.registry.foreign.clues import Clues, Found
from lean_core.registry.foreign.recognise import Foreign, ForeignFolders, find_foreign, recognise

__all__ = ["Clues", "Foreign", "ForeignFolders", "Found", "find_foreign", "recognise"]
