"""What a person says about runs: notes, local tags, metric directions and saved views, each change journalled."""

from lean_core.runs.opinions.local_tag import remove_local_tag, set_local_tag
from lean_core.runs.opinions.metric_direction import directions, set_direction
from lean_core.runs.opinions.note import Note, read_note, write_note
from lean_core.runs.opinions.saved_view import SavedView, delete_view, save_view, saved_views

__all__ = [
    "Note",
    "SavedView",
    "delete_view",
    "directions",
    "read_note",
    "remove_local_tag",
    "save_view",
    "saved_views",
    "set_direction",
    "set_local_tag",
    "write_note",
]
