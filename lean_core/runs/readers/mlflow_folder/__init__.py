"""MLflow's folder stores (``mlruns/``)."""

from lean_core.runs.readers.mlflow_folder.reader import MlflowFolderReader

__all__ = ["MlflowFolderReader"]
