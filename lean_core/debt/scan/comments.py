"""Which lines of a file are comments that admit a shortcut.

A line counts when one of the words stands in capitals at the beginning of a comment, or later in the comment with a
name in brackets or a colon behind it. What begins a comment depends on the kind of file; strings are not told apart
from code, so a string with a marked comment in it counts. In prose, the word must begin a point of a list or an HTML
comment, or a line with a colon or a name behind it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

WORDS = ("TODO", "FIXME", "HACK", "XXX", "DEBT")
QUICK = re.compile("|".join(rf"\b{word}\b" for word in WORDS).encode())
"""Whether a file is worth a closer look."""
_SAID = re.compile(
    rf"(?P<word>{'|'.join(WORDS)})\b(?![-./]\w)(?:\s*\((?P<owner>[^()\n]{{1,60}})\))?(?P<colon>\s*:)?[\s\-\u2013—]*(?P<text>.*)"
)
_UNTIL = re.compile(r"\s*\buntil\s+(?P<day>\d{4}-\d{2}-\d{2})\b")
_ENDINGS = re.compile(r"\s*(?:\*/|-->|--\]\]|#\}|\*#)\s*$")
_HASH, _SLASHES, _DASHES, _PERCENT, _SEMICOLON, _HTML = (
    r"#+",
    r"//+!?|/\*+!?|\*",
    r"--+(?:\[\[)?",
    r"%+",
    r";+",
    r"<!--",
)
_PROSE = r"[-*+>]|\d+[.)]|<!--"
_STARTERS = {
    _HASH: "py pyi pyx ipynb sh bash zsh fish rb pl r jl yaml yml toml cfg conf tf hcl nix mk make cmake ps1 ex exs nim"
           " dockerfile makefile jenkinsfile procfile gemfile rakefile snakefile justfile gitignore env properties",
    _SLASHES: "js jsx mjs cjs ts tsx c h cc cpp cxx hpp hh cs java kt kts scala go rs swift m mm dart php groovy gradle"
              " proto css scss sass less cu cuh zig v sol",
    _DASHES: "sql lua hs elm adb ads vhd",
    _PERCENT: "tex sty bib erl",
    _SEMICOLON: "el lisp clj cljs scm ini asm s",
    f"{_HTML}|{_SLASHES}|\\{{#": "html htm xml vue svelte xhtml svg jinja j2",
}  # fmt: skip
_STARTER_OF = {ending: starter for starter, endings in _STARTERS.items() for ending in endings.split()}
_PROSE_ENDINGS = frozenset({"md", "markdown", "mdx", "rst", "txt", "adoc"})
_NAMED = frozenset(
    {"dockerfile", "makefile", "jenkinsfile", "procfile", "gemfile", "rakefile", "snakefile", "justfile"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What one line says."""

    line: int
    word: str
    owner: str
    until: dt.date | None
    text: str


def knows_comments(path: str) -> bool:
    """Whether a file is of a kind whose comments we know."""
    kind = _kind(path)
    return kind in _STARTER_OF or kind in _PROSE_ENDINGS


def read_comments(path: str, text: str) -> Iterator[Comment]:
    """Yield the comments of a file that admit a shortcut."""
    kind = _kind(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if not any(word in line for word in WORDS):
            continue
        shown = _unquote(line) if kind == "ipynb" else line
        match = _in_prose(shown) if kind in _PROSE_ENDINGS else _in_code(shown, _STARTER_OF[kind])
        if match:
            yield _make_comment(number, match)


def _in_code(line: str, starter: str) -> re.Match[str] | None:
    begin = re.search(rf"(?:^|(?<=[\s;{{}}(),]))(?:{starter})", line)
    if begin is None or (
        begin[0] == "*" and line[: begin.start()].strip()
    ):  # a star alone opens a line of a longer comment
        return None
    comment = line[begin.end() :]
    first = re.match(r"[\s@*!\-]*", comment)
    at_start = _SAID.match(comment, first.end() if first else 0)
    if at_start:
        return at_start
    later = (match for match in _SAID.finditer(comment) if match["owner"] or match["colon"])
    return next((match for match in later if comment[match.start() - 1 : match.start()].isspace()), None)


def _in_prose(line: str) -> re.Match[str] | None:
    begin = re.match(rf"\s*(?P<point>(?:{_PROSE})\s*)*(?:\[[ xX]\]\s+)?[*_`]*", line)
    match = _SAID.match(line, begin.end() if begin else 0)
    is_point = bool(begin and begin["point"])
    return match if match and (is_point or match["colon"] or match["owner"]) else None


def _make_comment(number: int, match: re.Match[str]) -> Comment:
    text = _ENDINGS.sub("", match["text"]).strip()
    until, found = None, _UNTIL.search(text)
    if found:
        try:
            until = dt.date.fromisoformat(found["day"])
        except ValueError:
            until = None  # there is no such day: it stays in the text
        else:
            text = f"{text[: found.start()]}{text[found.end() :]}".strip(" ;,:-\u2013—")
    owner = (match["owner"] or "").strip().removeprefix("@")
    return Comment(line=number, word=match["word"], owner=owner, until=until, text=text)


def _kind(path: str) -> str:
    name = PurePosixPath(path).name.lower()
    stem = name.split(".")[0]
    if stem in _NAMED:
        return stem
    return name.rpartition(".")[2] if "." in name else ""


def _unquote(line: str) -> str:
    """Return a line of a cell of a notebook; nothing where it is another part of the file."""
    written = line.strip().removesuffix(",")
    if not written.startswith('"'):
        return ""
    try:
        said = json.loads(written)
    except json.JSONDecodeError:
        return ""
    return said.rstrip("\n") if isinstance(said, str) else ""
