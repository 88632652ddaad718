"""A gate's verdict in the forms that others read: JUnit, GitHub's step summary and annotations."""

from lean_core.releases.reports.annotations import render_annotations
from lean_core.releases.reports.junit import render_junit
from lean_core.releases.reports.summary import SUMMARY_BYTES, escape, render_summary

__all__ = ["SUMMARY_BYTES", "escape", "render_annotations", "render_junit", "render_summary"]
