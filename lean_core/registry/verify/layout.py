"""What lies in a registry where the convention has nothing, or under names that it does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.registry.layout import Layout
from lean_core.registry.verify.finding import Finding

_NAMED = 3


def check_layout(layout: Layout) -> Iterator[Finding]:
    """Yield what a listing alone shows."""
    for folder, files in sorted(layout.refused.items()):
        yield Finding(
            severity="warning",
            subject="folder",
            where=folder,
            what=f"its name can't be one of a model or a version, so its {files:,} files are passed over",
            action="copy it to a name of 1 to 100 of A-Z a-z 0-9 . _ - without a dot at the start",
        )
    for folder_of_version in layout.folders.values():
        for info in folder_of_version.infos:
            if info.refused:
                yield Finding(
                    severity="error",
                    subject="folder",
                    where=info.key,
                    what=f"it can't be read: {info.refused}",
                    action="put the file itself in its place, under a name with slashes only",
                )
    by_place: dict[str, list[str]] = {}
    for stray in layout.strays:
        place, _, name = stray.key.rpartition("/")
        by_place.setdefault(place, []).append(name)
    for place, names in sorted(by_place.items()):
        shown = ", ".join(sorted(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        yield Finding(
            severity="warning",
            subject="folder",
            where=f"{place}/" if place else "the registry's root",
            what=f"{len(names):,} files that belong to no version: {shown}",
            action="give each model version a folder MODEL/VERSION/ and adopt it, if they are models",
        )
