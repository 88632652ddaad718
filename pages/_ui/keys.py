"""The name of every session key and query parameter, each with what it holds.

State holds ids and selections, never data. What is worth sharing lives in the URL.
"""

from __future__ import annotations

from typing import Final

# Every page
FOLDER: Final = "folder"
"""The folder of the workspace that this session has open, as text; absent while there is none."""
SETUP: Final = "setup"
"""The folder that the welcome page is making a workspace of, as text; absent otherwise."""
NOTICES: Final = "notices"
"""What callbacks have to say at the top of the next run: a list of (level, Markdown)."""

# The page Workspace
SECTION: Final = "section"
"""Also a query parameter: the open tab."""
WARNINGS_OF: Final = "warnings_of"
"""The source whose warnings are listed."""
WARNING_KINDS: Final = "warning_kinds"
"""The kinds of warning that are listed; empty: all."""
