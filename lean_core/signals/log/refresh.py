"""Count what is new of a log; what did not change since the last time is not read."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from lean_core.bound import Bound
from lean_core.errors import LeanError
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Question, Source, Surroundings, Unread
from lean_core.signals.files import DataFile, Files, find_files
from lean_core.signals.log.bins import digest_of
from lean_core.signals.log.bring import Bringer
from lean_core.signals.log.counting import Counted, Counter
from lean_core.signals.log.engine import EngineFailedError, FileDamagedError, is_here, open_engine
from lean_core.signals.log.reference import (
    Reference,
    bin_reference,
    decode,
    encode,
    past_window,
    tag_of,
    week_of,
)
from lean_core.signals.log.slot import SLOT, Slots, slots_before, slots_of
from lean_core.signals.log.table import (
    CountedFile,
    Counts,
    drop_files,
    drop_old,
    read_files,
    read_reference,
    write_bins,
    write_files,
    write_reference,
)

FORMAT = 1
"""Of what is counted: another number, and all is counted anew."""
NO_REFERENCE = Reference(bins={})
_counting = threading.Lock()
"""Of two threads that count the same log, the second finds it counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log whose files were counted."""

    place: str
    files: tuple[CountedFile, ...]
    unread: tuple[str, ...] = ()
    """The files that could not be read, each with why."""
    reference: Reference = field(default_factory=lambda: NO_REFERENCE)
    reference_trouble: str = ""
    """Why there is no reference, where one is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """For which time distributions will be asked for."""

    at: dt.datetime
    slots: Slots
    """Of the longest window, from a full hour on."""
    past: Slots | None
    """Of the reference, where it is a past window: before all windows."""

    @property
    def needed(self) -> Slots:
        """All of it: the reference of a shorter window ends where that one begins."""
        return Slots(first=self.past.first, last=self.slots.last) if self.past else self.slots


def span_of(telemetry: TelemetrySettings, questions: Sequence[Question]) -> Span:
    """Return for which time some questions ask."""
    windows = [slots_of(each.at, each.window) for each in questions]
    slots = Slots(first=min(each.first for each in windows), last=max(each.last for each in windows)).long
    length = past_window(telemetry.reference)
    past = slots_before(slots, length) if length else None
    return Span(at=max(each.at for each in questions), slots=slots, past=past)


def log_key(telemetry: TelemetrySettings) -> str:
    """Return by what the counts of a log are known: anything that changes them is in it."""
    parts = (FORMAT, str(SLOT), telemetry.path, telemetry.endpoint, telemetry.region, telemetry.columns)
    return hashlib.sha256(msgspec.json.encode((*parts, telemetry.reference, telemetry.engine))).hexdigest()


def refresh(telemetry: TelemetrySettings, around: Surroundings, span: Span) -> Log | Unread:
    """Count the files of a log that are new or changed, and return what is known of all.

    Raises:
        StoreError: the workspace's file can't be used.
    """
    found = find_files(telemetry, around)
    if isinstance(found, Unread):
        return found
    if found.objects is not None and not is_here(telemetry.engine):
        sentence = f"The engine {telemetry.engine} can't see files in a bucket: take duckdb or local[N]."
        return Unread(trouble="refused", sentence=sentence, source=Source(place=found.place))
    bound = Bound(telemetry.timeout.total_seconds())
    with _counting, tempfile.TemporaryDirectory(prefix="lean-log-") as scratch:
        work = _Work(telemetry, around, found, span, Path(scratch))
        try:
            with work.stack:
                return work.run(bound)
        except EngineFailedError as error:
            return Unread(trouble="refused", sentence=f"{error}.", source=Source(place=found.place))
        except TimeoutError:
            sentence = (
                f"{work.counted:,} of {work.to_count:,} new files of {found.place} were counted in"
                f" {telemetry.timeout.total_seconds():g} s; the next look goes on from there. Where files are large,"
                " give it more: timeout."
            )
            return Unread(trouble="timed out", sentence=sentence, source=Source(place=found.place))


class _Work:
    """One refresh."""

    def __init__(
        self, telemetry: TelemetrySettings, around: Surroundings, found: Files, span: Span, scratch: Path
    ) -> None:
        assert telemetry.columns is not None  # noqa: S101 - the settings were checked
        self.columns = telemetry.columns
        self.telemetry, self.around, self.found, self.span, self.scratch = telemetry, around, found, span, scratch
        self.key = log_key(telemetry)
        self.stack = contextlib.ExitStack()
        self.to_count = self.counted = 0
        self.bringer = Bringer(found, scratch)
        self.unread = self.bringer.unread
        self.reference = NO_REFERENCE
        self.reference_trouble = ""
        self._counter: Counter | None = None

    def run(self, bound: Bound) -> Log | Unread:
        """Count."""
        with self.around.store.read() as cursor:
            known = {file.name: file for file in read_files(cursor, self.key)}
        listed = {file.name: file for file in self.found.files}
        new = [file for file in listed.values() if file.name not in known or known[file.name].tag != file.tag]
        gone = [name for name in known if name not in listed]
        self.to_count = len(new)
        past = past_window(self.telemetry.reference)
        if self.telemetry.reference and not past:
            self._refer_to_table()
        self._count(new, gone, bound)
        known = self._known()
        if past:
            self._refer_to_past(known)
        self._bin(known, bound)
        known = self._known()
        if not known and self.unread:
            return self._fail()
        return Log(
            place=self.found.place,
            files=tuple(known[name] for name in sorted(known)),
            unread=tuple(f"{name} ({why})" for name, (_, why) in sorted(self.unread.items())),
            reference=self.reference,
            reference_trouble=self.reference_trouble,
        )

    @property
    def counter(self) -> Counter:
        """What counts, made at the first use: often there is nothing to count."""
        if self._counter is None:
            engine = self.stack.enter_context(open_engine(self.telemetry.engine, self.scratch))
            self._counter = Counter(engine, self.columns, needed=self.span.needed)
        return self._counter

    def _known(self) -> dict[str, CountedFile]:
        with self.around.store.read() as cursor:
            found = read_files(cursor, self.key)
        return {file.name: file for file in found if file.name not in self.unread}

    def _count(self, new: Sequence[DataFile], gone: Sequence[str], bound: Bound) -> None:
        binning = None if past_window(self.telemetry.reference) else self.reference.bins
        with ThreadPoolExecutor(max_workers=1) as aside:
            writing: list[Future[None]] = []
            for files in self.bringer.bring_ahead(new, aside):
                bound.left()
                found = self.counter.count(files, binning)
                self._note_damage(found)
                for each in writing:
                    each.result()
                writing = [aside.submit(self._write, counts) for counts in found.counts]
            for each in writing:
                each.result()
        dropped = [*gone, *self.unread]
        if dropped or new:
            with self.around.store.write() as cursor:
                drop_files(cursor, self.key, dropped)
                drop_old(cursor, now=self.span.at)

    def _write(self, counts: Counts) -> None:
        with self.around.store.write() as cursor:
            write_files(cursor, self.key, self._seal(counts), now=self.span.at)
        self.counted += len(counts.files)

    def _seal(self, counts: Counts) -> Counts:
        files = {place: replace(file, sha256=self.bringer.sha256_of(file.name)) for place, file in counts.files.items()}
        return replace(counts, files=files)

    def _note_damage(self, found: Counted) -> None:
        self.unread.update({name: ("malformed", why) for name, why in found.damaged.items()})

    def _bin(self, known: dict[str, CountedFile], bound: Bound) -> None:
        digest = digest_of(self.reference.bins)
        stale = [
            file
            for file in self.found.files
            if file.name in known and known[file.name].binning != digest and known[file.name].touches(self.span.needed)
        ]
        with ThreadPoolExecutor(max_workers=1) as aside:
            for files in self.bringer.bring_ahead(stale, aside):
                bound.left()
                found = self.counter.count_histograms(files, self.reference.bins)
                self._note_damage(found)
                for counts in found.counts:
                    numbers = {place: known[file.name].number for place, file in counts.files.items()}
                    with self.around.store.write() as cursor:
                        write_bins(cursor, counts, numbers)

    def _refer_to_table(self) -> None:
        found = find_files(self.telemetry, self.around, address=self.telemetry.reference)
        if isinstance(found, Unread):
            self.reference_trouble = f"The reference can't be read: {found.sentence}"
            return
        tag = tag_of(found.files)
        if self._recall(tag):
            return
        try:
            files = [(file, found.bring(file, self.scratch)[0]) for file in found.files]
            self._keep(bin_reference(self.counter.engine, self.columns, files), tag)
        except (FileDamagedError, OSError, LeanError) as error:
            self.reference_trouble = f"The reference {found.place} can't be read: {error}."

    def _refer_to_past(self, known: dict[str, CountedFile]) -> None:
        tag = week_of(self.span.at)
        if self._recall(tag):
            return
        past = self.span.past
        assert past is not None  # noqa: S101 - asked for only where there is one
        files = [file for file in self.found.files if file.name in known and known[file.name].touches(past)]
        if not files:
            self.reference_trouble = f"There are no rows in the {self.telemetry.reference} before the window."
            return
        try:
            brought = [(file, self.bringer.bring(file)) for file in files]
            self._keep(bin_reference(self.counter.engine, self.columns, brought, slots=past), tag)
        except (FileDamagedError, OSError, LeanError) as error:
            self.reference_trouble = f"The {self.telemetry.reference} before the window can't be read: {error}."

    def _recall(self, tag: str) -> bool:
        with self.around.store.read() as cursor:
            content = read_reference(cursor, self.key, tag)
        if content is not None:
            self.reference = decode(content)
        return content is not None

    def _keep(self, reference: Reference, tag: str) -> None:
        self.reference = reference
        with self.around.store.write() as cursor:
            write_reference(cursor, self.key, tag, encode(reference), now=self.span.at)

    def _fail(self) -> Unread:
        names = sorted(self.unread)
        (trouble, why), more = self.unread[names[0]], len(names) - 1
        others = f", nor can {more} more" if more else ""
        sentence = f"{names[0]} of {self.found.place} can't be read ({why}){others}: no file of the log can."
        return Unread(trouble=trouble, sentence=sentence, source=Source(place=self.found.place))
