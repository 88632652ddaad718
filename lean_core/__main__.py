"""`python -m lean_core` is the command `lean-mlops`."""

from lean_core.cli import main

if __name__ == "__main__":
    main()
