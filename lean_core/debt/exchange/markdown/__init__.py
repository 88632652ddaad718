"""Markdown that people keep their shortcuts in: tables, headings with labels, attribute tables."""

from lean_core.debt.exchange.markdown.items import read_items

__all__ = ["read_items"]
