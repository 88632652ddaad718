"""The demo: a real small model, trained several times on a table that ships with the project."""

from lean_core.demo.create import Demo, create_demo

__all__ = ["Demo", "create_demo"]
