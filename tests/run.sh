#!/bin/sh
# Every gate of the repository, with the tools of .venv: what a pull request must pass.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
ruff check .
ruff format --check .
mypy
lint-imports --no-logo
# A file stays on one worker, for what its tests share; the long ones of the browser come first. Many wait for another
# process, so there is a worker more than there are processors.
pytest -q -n "$(($(getconf _NPROCESSORS_ONLN) + 1))" --dist loadfile --no-loadscope-reorder
