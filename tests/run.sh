#!/bin/sh
# Every gate of the repository, with the tools of .venv: what a pull request must pass.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
ruff check .
ruff format --check .
mypy
lint-imports --no-logo
pytest -q -n auto --dist loadgroup
