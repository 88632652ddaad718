"""The name of every session key and query parameter, each with what it holds.

State holds ids and selections, never data. What is worth sharing lives in the URL.
"""

from __future__ import annotations

from typing import Final

# Every page
FOLDER: Final = "folder"
"""The folder of the workspace that this session has open, as text; absent while there is none."""
OPENED: Final = "opened"
"""Whether the workspace was opened by the run before: then the welcome page gives way to the home page."""
SETUP: Final = "setup"
"""The folder that the welcome page is making a workspace of, as text; absent otherwise."""
LEFT: Final = "left"
"""The query parameters of each page, by path, as they were when it was drawn last."""
OPEN_PAGE: Final = "open_page"
"""The path of the page that is open, and all the query parameters that it had since."""
NOTICES: Final = "notices"
"""What callbacks have to say at the top of the next run: a list of (level, Markdown)."""

# The page Workspace
SECTION: Final = "section"
"""Also a query parameter: the open tab."""
WARNINGS_OF: Final = "warnings_of"
"""The source whose warnings are listed."""
WARNING_KINDS: Final = "warning_kinds"
"""The kinds of warning that are listed; empty: all."""

# The page Runs; all of them query parameters too, so that a view can be shared and saved
FILTER: Final = "q"
"""An expression of the filter language."""
SORT: Final = "sort"
"""A key of the filter language."""
ASCENDING: Final = "asc"
SOURCES: Final = "source"
"""Names of the sources that are shown; empty: all."""
EXPERIMENTS: Final = "experiment"
"""Names of the experiments that are shown; empty: all."""
LIFECYCLE: Final = "lifecycle"
"""``active``, ``deleted`` or ``all``."""
COLUMNS: Final = "column"
"""Keys of the columns; empty: those that differ."""
PAGE: Final = "page"
"""Counted from 1, with a mark of the query that it is a page of; absent for the first."""
SHOWN: Final = "show"
"""One of `views.SHOWN`."""
SELECTED: Final = "run"
"""References of the selected runs, in the order in which they were selected. Of the page Compare too."""
BASELINE: Final = "baseline"
"""The reference of the run that the others are compared with. Of the page Compare too."""
BUT: Final = "but"
"""Params that groups are made without."""
AXES: Final = "axis"
"""Keys of the axes of the parallel coordinates."""
X: Final = "x"
Y: Final = "y"
"""Keys of the scatter's axes."""

# The page Runs, not shared
TURNED: Final = "turned"
"""The widget that turns the pages."""
WHOLE: Final = "whole"
"""The last filter that had no mistake: it counts while the one that is being typed has one."""
EDITION: Final = "edition"
"""A number that changes when the selection is changed elsewhere than in the grid."""
OPEN: Final = "open"
"""The reference of the run whose name was clicked."""
TABLE: Final = "table"
"""The table's own state, under this prefix."""
VIEW_NAME: Final = "view_name"
"""What the current view is to be called."""
EXPORT_PROBLEMS: Final = "export_problems"
"""Why the last file could not be made, in Markdown."""

# The page Run
NOTE: Final = "note"
"""The note as it is being written."""
ARTIFACT: Final = "artifact"
"""Also a query parameter: the path of the artifact that is shown."""
TAG_KEY: Final = "tag_key"
TAG_VALUE: Final = "tag_value"

# The pages Run and Compare
METRICS: Final = "metric"
"""Also a query parameter: the metrics whose histories are drawn."""
SMOOTHING: Final = "smoothing"
X_AXIS: Final = "x_axis"
LOG_X: Final = "log_x"
LOG_Y: Final = "log_y"
EVERYTHING: Final = "everything"
"""Also a query parameter: show what does not differ, too."""

# The page Compare
DELTAS: Final = "deltas"
"""What the metrics show for each run: ``value``, ``difference``, ``relative``."""
OTHER: Final = "other"
"""The reference of the run whose code is held against the baseline's."""
JUDGED: Final = "judged"
"""The metrics of which a person says which way is better."""
DIRECTION: Final = "direction"
"""Which way: ``higher``, ``lower``, or ``guess`` for as the name says."""
