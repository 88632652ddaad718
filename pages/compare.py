"""The page *Runs*."""

from pages._ui.router import require_app

require_app()

import streamlit as st

st.title("Runs", anchor=False)
