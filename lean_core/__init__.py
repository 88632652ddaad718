"""Lean MLOps Workbench: what is live, why it changed, and whether we would notice, answered from evidence."""
