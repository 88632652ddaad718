"""What people claim: shown as claims, made in a form, taken back after a question."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from lean_core import clock
from pages._ui import actor, boundary, checkpoint_look, evidence, keys, text
from pages._ui.checkpoint_look import read_claims
from pages._ui.checkpoint_subjects import list_subjects

if TYPE_CHECKING:
    from lean_core.checkpoint import Checkpoint, Claim
    from lean_core.workbench import Workbench

_OTHER = ""
_SUBJECT, _NAME, _SAYS, _UNTIL, _LINK = (
    f"{keys.CLAIMED}-{name}" for name in ("subject", "name", "says", "until", "link")
)
_LONGEST = 500


def draw(workbench: Workbench, checkpoint: Checkpoint | None) -> None:
    """Draw the claims that there are, and the form."""
    st.markdown(
        "A claim stands in where nothing that can be opened says it. It is shown as a claim, scores half, and ends."
    )
    now = clock.now()
    claims = read_claims(workbench)
    for claim in claims:
        _draw_claim(workbench, claim, now)
    if not claims:
        st.markdown(text.small("Nobody claims anything yet."))
    if checkpoint is not None:
        _draw_form(workbench, checkpoint)


def _draw_claim(workbench: Workbench, claim: Claim, now: dt.datetime) -> None:
    ended = claim.good_until <= now
    state = ":orange-badge[:material/history: ended]" if ended else ":violet-badge[:material/front_hand: claim]"
    value = "" if claim.value is None else f" = {text.code(str(claim.value))}"
    until = f"{claim.good_until:%Y-%m-%d %H:%M} UTC"
    about = f"{text.plain(claim.claimed_by)}, {text.age(claim.claimed_at, now)}; good until {until}"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{state} {text.code(claim.subject)}{value}  \n{text.plain(claim.says)}  \n{text.small(about)}",
            width="stretch",
        )
        if claim.link:
            evidence.draw(evidence.Link(label="Link", url=claim.link))
        if st.button("Withdraw…", key=f"withdraw-{claim.subject}", icon=":material/undo:"):
            _confirm(workbench, claim)


@st.dialog("Withdraw this claim?", icon=":material/undo:")
def _confirm(workbench: Workbench, claim: Claim) -> None:
    st.markdown(f"{text.code(claim.subject)}: {text.plain(claim.says)}")
    st.markdown("What rests on it alone is then missing. The journal keeps that it was claimed.")
    if st.button("Withdraw it", type="primary", on_click=_withdraw, args=(workbench, claim.subject)):
        st.rerun()


def _draw_form(workbench: Workbench, checkpoint: Checkpoint) -> None:
    subjects = list_subjects(checkpoint)
    days = workbench.settings.checkpoint.claims.days
    with st.form("claim", clear_on_submit=True):
        st.markdown(f"**Claim what you know** {text.small(f'as {text.plain(actor.of_events(workbench))}')}")
        st.selectbox(
            "About",
            [*subjects, _OTHER],
            format_func=lambda subject: subjects.get(subject, "Something else, named below"),
            key=_SUBJECT,
        )
        st.text_input("Name of something else", key=_NAME, placeholder="credits.ends", max_chars=_LONGEST)
        st.text_input("What you know, and how", key=_SAYS, max_chars=_LONGEST)
        st.text_input("Good until", f"{days}d", key=_UNTIL, help="A date such as 2027-03-31, or 30d.")
        st.text_input("Link", key=_LINK, placeholder="https://… (may stay empty)", max_chars=_LONGEST)
        st.form_submit_button("Claim it", type="primary", on_click=_claim, args=(workbench,))


@boundary.guarded
def _claim(workbench: Workbench) -> None:
    from lean_core.checkpoint import Claim
    from lean_core.releases.statements import read_until

    now = clock.now()
    claim = Claim(
        subject=st.session_state[_SUBJECT] or st.session_state[_NAME].strip(),
        says=st.session_state[_SAYS].strip(),
        link=st.session_state[_LINK].strip(),
        claimed_at=now,
        claimed_by=actor.of_events(workbench),
        good_until=read_until(st.session_state[_UNTIL], now=now),
    )
    workbench.claim(claim)
    checkpoint_look.forget()
    boundary.notify("success", f"Claimed about {text.code(claim.subject)}, until {claim.good_until:%Y-%m-%d}.")


@boundary.guarded
def _withdraw(workbench: Workbench, subject: str) -> None:
    workbench.withdraw_claim(subject, actor=actor.of_events(workbench))
    checkpoint_look.forget()
    boundary.notify("success", f"Nobody claims anything about {text.code(subject)} any more.")
