"""Releases: what a version must pass, where it went, and how to get back."""
