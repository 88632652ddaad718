"""Python imports this at its start: break one call of the app in a way that nobody foresaw."""

from lean_core.workbench import Workbench


def _fail(_: Workbench) -> None:
    raise RuntimeError("a detail that nobody must see")


Workbench.sources = _fail
