"""What the theme in `.streamlit/config.toml` can't say."""

from __future__ import annotations

import streamlit as st

ON_DARK_PRIMARY = "#0F1417"
"""Of text on the primary colour of the dark theme.

Streamlit draws such text white. On a dark ground no colour both carries white text and can be read itself, as that of a
selected tab, at a contrast of 4.5: of 18.5 between white and the ground, each would get 4.3 at most.
"""
_ON_PRIMARY = (
    "[data-testid^='stBaseButton-primary']:enabled",
    "a[data-testid='stBaseLinkButton-primary']",
    "[data-testid='stMultiSelect'] [data-tag]",
)


def mend() -> None:
    """Make text on the primary colour dark where the theme is."""
    if st.context.theme.type == "dark":
        st.html(f"<style>{', '.join(_ON_PRIMARY)} {{ color: {ON_DARK_PRIMARY}; }}</style>")
