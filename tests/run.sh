#!/bin/sh
# Every gate of the repository, with the tools of .venv: what a pull request must pass.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
unset PYTHONDONTWRITEBYTECODE # hundreds of processes are started: each would compile all of the package
mypy &
types=$!
trap 'kill "$types" 2>/dev/null || true' EXIT
ruff check .
ruff format --check .
lint-imports --no-logo
# Beside mypy, which keeps one processor busy: the workers find compiled what they import.
pytest -qq --collect-only > /dev/null || true
wait "$types"
# A file stays on one worker, for what its tests share; the long ones of the browser come first. Many wait for another
# process, so there is a worker more than there are processors.
pytest -q -n "$(($(getconf _NPROCESSORS_ONLN) + 1))" --dist loadfile --no-loadscope-reorder
