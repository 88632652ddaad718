"""Who is at the keyboard, for the journal."""

from __future__ import annotations

import getpass

import streamlit as st


def name() -> str:
    """Return the signed-in person's address, else the name of the account that the server runs under."""
    try:
        address = st.user.get("email")
    except AttributeError:  # no sign-in is set up
        address = None
    if address:
        return str(address)
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"
