"""What an artifact is by the names of its files: nothing is opened, let alone loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_IN_FOLDER = (
    ("MLmodel", "mlflow"),
    ("saved_model.pb", "tensorflow-savedmodel"),
    ("adapter_config.json", "peft"),
    ("modules.json", "sentence-transformers"),
    ("config.cfg", "spacy"),
    ("model.onnx", "onnx"),
    ("config.json", "transformers"),
)
"""A file right in a folder that tells what the folder is, the surest first."""

_WEIGHTS = frozenset({"safetensors", "torch", "pickle", "keras"})
"""What must lie beside a config.json, a name that anything may have."""

_SUFFIXES = (
    dict.fromkeys((".pkl", ".pickle", ".p", ".dill", ".cloudpickle"), "pickle")
    | dict.fromkeys((".pt", ".pth", ".ckpt"), "torch")
    | dict.fromkeys((".h5", ".hdf5", ".keras"), "keras")
    | dict.fromkeys((".rds", ".rda", ".rdata"), "r")
    | dict.fromkeys((".npy", ".npz"), "numpy")
    | {
        ".joblib": "joblib",
        ".onnx": "onnx",
        ".safetensors": "safetensors",
        ".gguf": "gguf",
        ".pmml": "pmml",
        ".tflite": "tflite",
        ".mlmodel": "coreml",
        ".cbm": "catboost",
        ".ubj": "xgboost",
        ".bst": "xgboost",
        ".lgb": "lightgbm",
        ".skops": "skops",
        ".mar": "torchserve",
        ".json": "json",
        ".txt": "text",
        ".parquet": "parquet",
        ".csv": "csv",
        ".zip": "zip",
        ".tar": "tar",
        ".tgz": "tar",
        ".whl": "wheel",
    }
)
_COMPRESSIONS = frozenset({".gz", ".bz2", ".xz", ".z", ".lzma", ".lz4", ".zst"})
_MODEL_FORMATS = frozenset(_SUFFIXES.values()) - {"json", "text", "parquet", "csv", "numpy", "zip", "tar", "wheel"}


def name_format(paths: Iterable[str]) -> str | None:
    """Return the format of an artifact, or None where its names don't tell.

    Args:
        paths: of its files, each beginning with the artifact's own name.
    """
    inside = [PurePosixPath(path) for path in paths]
    if len(inside) == 1 and len(inside[0].parts) == 1:
        return _of_file(inside[0])
    right_in = {path.name: path for path in inside if len(path.parts) <= 2}  # noqa: PLR2004 - its own name, and the file's
    formats = {_of_file(path) for path in inside}
    for name, found in _IN_FOLDER:
        if name in right_in and (name != "config.json" or formats & _WEIGHTS):
            return found
    models = {each for each in formats if each in _MODEL_FORMATS}
    return models.pop() if len(models) == 1 else None


def is_model_name(path: str) -> bool:
    """Whether a file is called as models are: ``.txt`` and ``.json`` may be, but mostly are not."""
    return _of_file(PurePosixPath(path)) in _MODEL_FORMATS


def _of_file(path: PurePosixPath) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSIONS:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None
