"""What a version lacks, and what to do about it: by what its folder is, since not every one can go through a gate."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import streamlit as st

from lean_core.registry import FIELDS, Data, Record, Version, files_at, present_fields
from lean_core.registry.names import UPLOAD
from lean_core.settings import scheme_of
from pages._ui import boundary, keys, text
from pages._ui.workbench import read_foreign

if TYPE_CHECKING:
    from lean_core.workbench import Workbench

_OPTIONS = {
    "artifact": ("--artifact", "PATH"),
    "data": ("--data", "train=PATH"),
    "metrics": ("--metrics", "metrics.json"),
    "owner": ("--owner", "NAME"),
    "note": ("--note", "how and where it is deployed"),
}
"""What fills each of the seven fields; a commit comes from the repository in which the command runs."""
_DIGEST_THAT_CAN_BE_SAID = re.compile(r"(sha256|sha512|sha1|md5|crc32c|etag):\S+")
"""The run itself tells the others, such as MLflow's."""


def draw(workbench: Workbench, version: Version) -> None:
    """Say what is missing, and the command or the form that adds it."""
    if version.record is not None:
        _draw_missing(workbench, version, version.record)
    elif version.state == "foreign":
        _draw_foreign(workbench, version)
    elif version.state == "incomplete":
        _draw_incomplete(version)
    else:
        _draw_unreadable(version)


def suggest(version: Version, record: Record, *, place: str) -> str:
    """Return the command that registers it once more, with all that its record says and a gap for what is missing.

    Args:
        version: with the files that it has.
        record: of it.
        place: where the registry is, for commands; empty where its files are no files of a machine.
    """
    parts = ["lean-mlops", "register", record.model, "NEXT", *_name_files(version, record, place)]
    if record.run:
        parts += ["--run", f"{record.run.source}:{record.run.run_id}"]
    parts += [part for data in record.data for part in ("--data", _name_data(data))] or _OPTIONS["data"]
    parts += _name_rest(version, record, place)
    parts += ["--owner", record.owner] if record.owner else _OPTIONS["owner"]
    parts += ["--note", record.note] if record.note else _OPTIONS["note"]
    return shlex.join(parts)


def _name_files(version: Version, record: Record, place: str) -> list[str]:
    if record.mlflow:
        return ["--from-mlflow", f"{record.mlflow.model}/{record.mlflow.version}", "--source", record.mlflow.source]
    return ["--artifact", _find(version, record.artifact.path if record.artifact else None, place) or "PATH"]


def _name_rest(version: Version, record: Record, place: str) -> list[str]:
    """Return the options for metrics and lock file; without a path to them, the run or the repository tells them."""
    metrics = _find(version, record.metrics.path if record.metrics else None, place)
    lock = _find(version, record.environment.lockfile if record.environment else None, place)
    parts = [] if metrics and record.run and not place else ["--metrics", metrics or "metrics.json"]
    return [*parts, *(["--lock", lock] if lock and place else [])]


def _find(version: Version, path: str | None, place: str) -> str | None:
    if path is None or not files_at(version, path):
        return None
    return f"{place}/{version.model}/{version.version}/{path}" if place else path


def _name_data(data: Data) -> str:
    digest = data.digest if data.digest and _DIGEST_THAT_CAN_BE_SAID.fullmatch(data.digest) else None
    return f"{data.name}={data.ref or 'PATH'}{f'@{digest}' if digest and data.ref else ''}"


def _draw_missing(workbench: Workbench, version: Version, record: Record) -> None:
    missing = [name for name in FIELDS if name not in present_fields(record)]
    if not missing:
        return
    commit = " Run it in the git repository of the code: the commit is found there." if "commit" in missing else ""
    boundary.show(
        "warning",
        f"Missing: **{', '.join(missing)}**. A record never changes: the next version can have what this one"
        f" lacks.{commit}",
    )
    uri = workbench.objects().uri
    place = uri if scheme_of(uri) is None else ""
    st.code(suggest(version, record, place=place), language=None, wrap_lines=True)


def _draw_foreign(workbench: Workbench, version: Version) -> None:
    with boundary.catch_errors():
        missing = ", ".join(read_foreign(workbench, version.model, version.version).missing)
        found = f"Missing: **{missing}**. The rest was found in the folder" if missing else "Nothing is missing in it"
        st.markdown(f"{found}. Adopting it writes a version.json beside the files, and touches nothing else.")
    st.page_link(
        "pages/registry.py",
        label="Adopt it on the page Registry",
        icon=":material/add_notes:",
        query_params={keys.MODEL: version.model, keys.VERSION: version.version},
    )
    st.code(shlex.join(["lean-mlops", "adopt", version.model, version.version]), language=None)


def _draw_incomplete(version: Version) -> None:
    fields = ", ".join(name for name in FIELDS if name != "folder")
    begun = sum(not file.key.endswith(f"/{UPLOAD}") for file in version.files)
    st.markdown(
        f"Missing until its record is written: **{fields}**. So far it has"
        f" {text.count(begun, 'file')}. Run the same register command again, with the same files:"
    )
    options = [part for option in _OPTIONS.values() for part in option]
    command = ["lean-mlops", "register", version.model, version.version, *options]
    st.code(shlex.join(command), language=None, wrap_lines=True)


def _draw_unreadable(version: Version) -> None:
    from lean_core.registry.verify.version import check_version

    advice = ", or ".join(finding.action for finding in check_version(version) if finding.action)
    st.markdown(
        "Which of the seven fields it has can't be told until its record can be read"
        + (f": {text.plain(advice)}." if advice else ".")
    )
    st.caption("Whether its files are whole:")
    st.code(f"lean-mlops doctor {version.model}/{version.version}", language=None)
