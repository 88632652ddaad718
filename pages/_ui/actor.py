"""Who is at the keyboard, for the journal."""

from __future__ import annotations

import getpass

import streamlit as st


def signed_in() -> str | None:
    """Return the signed-in person's address, or None where nobody has signed in."""
    try:
        address = st.user.get("email")
    except AttributeError:  # no sign-in is set up
        return None
    return str(address) if address else None


def name() -> str:
    """Return the signed-in person's address, else the name of the account that the server runs under."""
    if address := signed_in():
        return address
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"
