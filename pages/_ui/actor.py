"""Who is at the keyboard, for the journal and for the trail of the registry."""

from __future__ import annotations

import getpass

import streamlit as st

from lean_core.workbench import Workbench


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


def of_events(workbench: Workbench) -> str:
    """Return who is named in the trail: the signed-in person, else as git knows them, as on the command line."""
    return workbench.actor(signed_in())
