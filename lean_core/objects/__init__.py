"""A folder of objects, on this machine or in a bucket: list, read, and create once."""

from lean_core.objects.key import check_key
from lean_core.objects.local import LocalObjects
from lean_core.objects.objects import ObjectInfo, Objects, Progress
from lean_core.objects.opener import open_objects
from lean_core.objects.payload import LocalFile, find_files
from lean_core.objects.probes import forget_probes, remember_probes, remembered_probes
from lean_core.objects.upload import Uploaded, upload_files

__all__ = [
    "LocalFile",
    "LocalObjects",
    "ObjectInfo",
    "Objects",
    "Progress",
    "Uploaded",
    "check_key",
    "find_files",
    "forget_probes",
    "open_objects",
    "remember_probes",
    "remembered_probes",
    "upload_files",
]
