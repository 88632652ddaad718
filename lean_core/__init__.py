"""Lean MLOps Workbench: what is live, why it changed, and whether we would notice, answered from evidence."""

__version__ = "0.1.0"
