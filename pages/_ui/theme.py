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
_OF_THE_THEME = " ".join(
    f"clamp({int(ON_DARK_PRIMARY[at : at + 2], 16)}, (128 - {channel}) * 255, 255)"
    for channel, at in (("r", 1), ("g", 3), ("b", 5))
)
"""White where the text around is dark, and dark where it is light.

The browser has to decide: a theme that is chosen while a page is open is not known here before the next run.
"""


def mend() -> None:
    """Make text on the primary colour dark where the theme is."""
    st.html(f"<style>{', '.join(_ON_PRIMARY)} {{ color: rgb(from currentColor {_OF_THE_THEME}); }}</style>")
