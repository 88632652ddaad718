"""Artifacts, where they lie, and what loading one would do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactLocation:
    """Where the artifacts of a run, or of a logged model, lie."""

    uri: str | None
    """As the source says it."""
    path: str | None = None
    """The folder of this machine that it resolves to, if it is there."""
    tracking_uri: str | None = None
    """The tracking server that the run comes from, which hands out what is ``mlflow-artifacts:/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file or a folder."""

    path: str
    """From the root of the location, with slashes."""
    is_folder: bool
    bytes: int | None = None
    """Its size; None for folders, and where the place does not say."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def risk(self) -> str | None:
        """What loading it would do, where that is more than reading data."""
        return None if self.is_folder else loading_risk(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Why something can't be seen from here: a sentence for a person."""

    reason: str


_PICKLE = "a pickle: whoever loads it runs the code that it holds"
_TORCH = "PyTorch keeps a pickle in it: loading it runs the code that it holds, unless only weights are let in"
_KERAS = "Keras models can hold Python code (Lambda layers), which runs on loading"
_NUMPY = "arrays of objects are pickles: code in it runs if it is loaded with allow_pickle"
_RISKS = (
    dict.fromkeys((".pkl", ".pickle", ".p", ".dill", ".cloudpickle", ".joblib"), _PICKLE)
    | dict.fromkeys((".pt", ".pth", ".ckpt"), _TORCH)
    | dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS)
    | dict.fromkeys((".npy", ".npz"), _NUMPY)
    | dict.fromkeys((".rds", ".rda", ".rdata"), "R objects can hold code that runs on loading")
    | {
        ".bin": "may be PyTorch's, and then a pickle: code that it holds runs on loading",
        ".mar": "a TorchServe archive: it brings Python code that runs on loading",
        ".pb": "may be a TensorFlow graph: its operations can read and write files when it is run",
    }
)
_COMPRESSIONS = {".gz", ".bz2", ".xz", ".z", ".lzma", ".lz4", ".zst"}


def loading_risk(path: str) -> str | None:
    """Say what loading such a file would do; None for formats that hold data only, and for those not known."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes]
    if suffixes and suffixes[-1] in _COMPRESSIONS:
        suffixes.pop()
    return _RISKS.get(suffixes[-1]) if suffixes else None
