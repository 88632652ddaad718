"""Register a version: its files first, its record last, each of them created once."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lean_core.errors import AlreadyThere, ObjectsMissing, UsageError
from lean_core.objects import LocalFile, Objects, upload_files
from lean_core.registry.document import LARGEST
from lean_core.registry.names import check_name, record_key
from lean_core.registry.payload import refuse_changed
from lean_core.registry.record import Record, Unreadable, parse_record, render_record
from lean_core.registry.request import Draft
from lean_core.registry.step import Meter, Step, Tell
from lean_core.registry.upload import Upload, begin_upload, parse_upload, render_upload, upload_key

_NAMED = 3


def register(objects: Objects, draft: Draft, *, at: dt.datetime, actor: str, tell: Tell) -> Record:
    """Upload a draft's files and create its record; return the record.

    What an interrupted call has uploaded already is not uploaded again.

    Args:
        objects: the registry.
        draft: what to register.
        at: when it is registered, in naive UTC.
        actor: who registers it.
        tell: is told how far it is.

    Raises:
        AlreadyThere: the version exists or somebody else is at it; says who, and since when.
        UsageError: a file changed since it was hashed.
        ObjectsError: the registry can't be written to.
    """
    record = replace(draft.record, created_at=at, created_by=actor)
    content = write_record(record)
    refuse_existing(objects, record.model, record.version)
    _begin(objects, draft, at=at, actor=actor)
    _upload(objects, draft, tell)
    tell(Step(phase="recording"))
    try:
        objects.create(record_key(record.model, record.version), content)
    except AlreadyThere:
        refuse_existing(objects, record.model, record.version)
        raise
    return record


def write_record(record: Record) -> bytes:
    """Return the content of ``version.json``, having made sure that it will be read back.

    Raises:
        UsageError: it would not.
    """
    content = render_record(record)
    found = parse_record(content, model=record.model, version=record.version)
    if len(content) > LARGEST or isinstance(found, Unreadable):
        why = found.sentence if isinstance(found, Unreadable) else "its params are too large"
        raise UsageError(f"no record of {record.model}/{record.version} can be written: {why}")
    return content


def refuse_existing(objects: Objects, model: str, version: str) -> None:
    """Make sure that there is no such version yet.

    Raises:
        AlreadyThere: there is one; says who registered it, and when.
        NameRefused: there can be none of this name.
        ObjectsError: it can't be told.
    """
    key = record_key(check_name(model, what="model"), check_name(version, what="version"))
    try:
        content = objects.read(key, limit=LARGEST)
    except ObjectsMissing:
        if objects.stat(key) is None:  # asks for the root too, which may be what is missing
            return
        content = objects.read(key, limit=LARGEST)  # somebody created it in between, and is to be named
    found = parse_record(content, model=model, version=version)
    raise AlreadyThere(f"{model}/{version} is registered already{_by(found)}: choose another version")


def _by(found: Record | Unreadable) -> str:
    if isinstance(found, Unreadable):
        return f", but can't be read ({found.sentence})"
    who = f" by {found.created_by}" if found.created_by else ""
    when = f" on {found.created_at:%Y-%m-%d %H:%M} UTC" if found.created_at else ""
    return f",{who}{when}" if who or when else ""


def _begin(objects: Objects, draft: Draft, *, at: dt.datetime, actor: str) -> None:
    """Note that we begin, or find that we, or somebody with the same files, began before."""
    model, version = draft.record.model, draft.record.version
    ours = begin_upload(draft.payload, model=model, version=version, at=at, actor=actor)
    key, folder = upload_key(model, version), f"{model}/{version}/"
    present = {info.key for info in objects.walk(folder) if not info.key.endswith("/")}
    if key not in present:
        if present:
            raise _refuse_strangers(present, model, version)
        with contextlib.suppress(AlreadyThere):  # somebody began in between: with which files is looked at below
            objects.create(key, render_upload(ours))
            return
    theirs = parse_upload(objects.read(key, limit=LARGEST))
    if theirs is None or theirs.sha256 != ours.sha256:
        refuse_existing(objects, model, version)  # they may be through by now
        raise _refuse_other(theirs, f"{objects.uri}/{model}/{version}", f"{model}/{version}")


def _refuse_strangers(present: Iterable[str], model: str, version: str) -> AlreadyThere:
    names = sorted(key.removeprefix(f"{model}/{version}/") for key in present)
    shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return AlreadyThere(
        f"{model}/{version} has files that nobody registered ({shown}): “lean-mlops adopt {model} {version}” makes them"
        " a version, or choose another"
    )


def _refuse_other(theirs: Upload | None, place: str, name: str) -> AlreadyThere:
    who = f"by {theirs} " if theirs else ""
    return AlreadyThere(
        f"{name}: an upload of other files was begun {who}and is not finished: choose another version, or,"
        f" if nobody is at it any more, remove {place} and try again"
    )


def _upload(objects: Objects, draft: Draft, tell: Tell) -> None:
    """Send the files of a draft; those that an earlier try has sent are not sent again."""
    folder = f"{draft.record.model}/{draft.record.version}"
    meter = Meter(tell, "uploading", sum(each.file.bytes for each in draft.payload))
    local: list[LocalFile] = []
    for each in draft.payload:
        source = each.file.source
        if isinstance(source, Path):
            refuse_changed(each.file)
            local.append(LocalFile(path=source, name=each.file.path, bytes=each.file.bytes, sha256=each.sha256))
        else:
            with contextlib.suppress(AlreadyThere):  # of an earlier try, or of a second writer of the same files
                objects.create(f"{folder}/{each.file.path}", source)
            meter(each.file.bytes)
    upload_files(local, objects=objects, folder=folder, progress=meter)
    for each in draft.payload:
        refuse_changed(each.file)
