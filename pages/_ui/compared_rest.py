"""Params, tags, datasets, environment and code of compared runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lean_core.git import CommitsBetween, NotHere, commits_between, diff_between
from lean_core.runs import Missing, Row, compare_environments, compare_values, value_table
from pages._ui import boundary, grid, keys, text
from pages._ui.compared import Compared
from pages._ui.workbench import read_environment_of


def draw_values(compared: Compared) -> None:
    """Draw params, tags and datasets."""
    runs = compared.runs
    _draw_rows("Params", "param", compare_values([run.params for run in runs]), compared)
    tags = [{**run.tags, **{f"local.{key}": value for key, value in run.local_tags.items()}} for run in runs]
    _draw_rows("Tags", "tag", compare_values(tags), compared)
    datasets = [
        {f"{each.context or 'no context'}: {each.name or 'unnamed'}": each.digest or "no digest" for each in run.inputs}
        for run in runs
    ]
    _draw_rows("Datasets", "dataset", compare_values(datasets), compared)


@boundary.fragment()
def draw_environment(compared: Compared) -> None:
    """Draw Python and packages, read from the artifacts when it is asked for."""
    st.subheader("Environment", anchor=False)
    found = [read_environment_of(compared.workbench, run) for run in compared.runs]
    reasons: dict[str, list[str]] = {}
    for letter, each in zip(compared.letters, found, strict=True):
        if isinstance(each, Missing):
            reasons.setdefault(each.reason, []).append(letter)
    for reason, lacking in reasons.items():
        st.caption(f"{', '.join(lacking)}: {text.plain(reason)}")
    known = [each for each in found if not isinstance(each, Missing)]
    if known:
        _draw_rows("", "package", compare_environments(found), compared)
        evidence = sorted({path for each in known for path in each.evidence})
        st.caption(f"Read from {', '.join(map(text.code, evidence))}.")


@boundary.fragment()
def draw_code(compared: Compared) -> None:
    """Draw the commits and the diff between the baseline and another run."""
    st.subheader("Code", anchor=False)
    first = compared.runs[compared.baseline]
    others = [at for at in range(len(compared.runs)) if at != compared.baseline]
    differing = (at for at in others if compared.runs[at].commit not in {None, first.commit})
    usual = others.index(next(differing, others[0]))
    other = others[usual]
    if len(others) > 1:
        other = st.selectbox(
            "Against the baseline",
            others,
            index=usual,
            format_func=compared.label,
            key=f"{keys.OTHER}-{compared.baseline}",
            width=360,
        )
    second = compared.runs[other]
    if not first.commit or not second.commit:
        silent = [run.title for run in (first, second) if not run.commit]
        st.caption(
            f"No commit is recorded for {text.plain(' and '.join(silent))}. "
            "MLflow notes it where training runs in a git repository."
        )
        return
    found = commits_between(compared.workbench.repository, first.commit, second.commit)
    if isinstance(found, NotHere):
        boundary.show("info", text.plain(found.reason))
        return
    _draw_commits(found, first.title, second.title)
    if found.relation == "same":
        return
    diff = diff_between(compared.workbench.repository, first.commit, second.commit)
    if isinstance(diff, NotHere):
        boundary.show("info", text.plain(diff.reason))
        return
    with st.expander(f"Diff of {text.count(len(diff.files), 'file')}", icon=":material/difference:"):
        if diff.cut:
            st.caption("Cut: the whole is longer. `git diff` in the repository shows all of it.")
        st.code(diff.text, language="diff", height=480)


def _draw_commits(found: CommitsBetween, first: str, second: str) -> None:
    first, second = text.plain(first), text.plain(second)
    sentence = {
        "same": "Both runs were made from the same commit.",
        "later": f"{second} has {text.count(len(found.only_second), 'commit')} more than {first}:",
        "earlier": f"{second} lacks {text.count(len(found.only_first), 'commit')} that {first} has:",
        "diverged": "The two have gone separate ways; each has commits of its own:",
    }
    st.markdown(sentence[found.relation])
    commits = (
        f"- {text.code(commit.sha[:10])} {text.plain(commit.subject)} "
        f":gray[{text.plain(commit.author)}, {commit.time:%Y-%m-%d}]"
        for commit in (*found.only_second, *found.only_first)
    )
    st.markdown("\n".join(commits))
    if found.cut:
        st.caption("There are more commits than are listed, or the clone is too shallow to tell.")


def _draw_rows(title: str, noun: str, rows: Sequence[Row[str]], compared: Compared) -> None:
    if title:
        st.subheader(title, anchor=False)
    visible = [row for row in rows if row.differs or compared.everything]
    if not rows:
        st.caption(f"None of these runs recorded a {noun}.")
    elif not visible:
        st.caption(f"No difference in {text.count(len(rows), noun)}.")
    else:
        st.dataframe(
            value_table(visible, compared.labels),
            hide_index=True,
            height=grid.height(len(visible)),
            column_config={
                "key": st.column_config.TextColumn("Key", pinned=True, width=grid.key_width(row.key for row in visible))
            }
            | {
                label: st.column_config.TextColumn(compared.short_label(at), help=text.plain(label))
                for at, label in enumerate(compared.labels)
            },
            placeholder="",
            alt=f"Compared {noun}s",
        )
