"""A folder of objects, on this machine or in a bucket: list, read, and create once."""

from lean_core.objects.key import check_key
from lean_core.objects.objects import ObjectInfo, Objects, Progress

__all__ = ["ObjectInfo", "Objects", "Progress", "check_key"]
