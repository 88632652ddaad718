"""The app with one call broken in a way that nobody foresaw."""

from pages._ui import router

from lean_core.workbench import Workbench


def _fail(_: Workbench) -> None:
    raise RuntimeError("a detail that nobody must see")


Workbench.sources = _fail
router.main()
