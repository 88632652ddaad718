"""A folder of objects, on this machine or in a bucket: list, read, and create once."""

from lean_core.objects.key import check_key
from lean_core.objects.local import LocalObjects
from lean_core.objects.objects import ObjectInfo, Objects, Progress
from lean_core.objects.opener import open_objects

__all__ = ["LocalObjects", "ObjectInfo", "Objects", "Progress", "check_key", "open_objects"]
