"""A Markdown document as a tree of headings, with what stands below each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(slots=True, kw_only=True)
class Said:
    """One paragraph, or the text of one point of a list."""

    tokens: Sequence[Token]
    line: int
    depth: int
    """In how many lists it stands."""


@dataclass(slots=True, kw_only=True)
class Grid:
    """A table."""

    header: list[Sequence[Token]]
    rows: list[tuple[int, list[Sequence[Token]]]]
    """Each with its line."""
    line: int


@dataclass(slots=True, kw_only=True)
class Section:
    """A heading and what stands below it, up to the next one."""

    heading: Sequence[Token] = ()
    level: int = 0
    line: int = 1
    said: list[Said] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)

    def walk(self) -> Iterator[Section]:
        """Yield all sections below this one, in their order."""
        for child in self.children:
            yield child
            yield from child.walk()


def parse_sections(text: str, *, first_line: int = 1) -> Section:
    """Parse a document; the section returned stands above its first heading.

    Args:
        text: Markdown.
        first_line: of the text, within the file that it stands in.
    """
    reader = _Reader(first_line)
    # A picture's address and a link's are only read: nothing here is ever shown as HTML.
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        reader.take(token)
    return reader.root


class _Reader:
    """Puts each token where it belongs."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.root = Section()
        self.path = [self.root]
        self.depth = 0
        self.grid: Grid | None = None
        self.in_heading = False

    def take(self, token: Token) -> None:
        line = self.first_line + (token.map[0] if token.map else 0)
        match token.type:
            case "heading_open":
                self.open(int(token.tag[1:]), line)
                self.in_heading = True
            case "heading_close":
                self.in_heading = False
            case "list_item_open":
                self.depth += 1
            case "list_item_close":
                self.depth -= 1
            case "table_open":
                self.grid = Grid(header=[], rows=[], line=line)
                self.path[-1].grids.append(self.grid)
            case "table_close":
                self.grid = None
            case "tr_open" | "thead_close" if self.grid is not None:
                self.take_row(self.grid, token, line)
            case "inline":
                self.place(token.children or [], line)
            case "fence" | "code_block":
                self.place([Token("text", "", 0, content=token.content.rstrip("\n"))], line)

    @staticmethod
    def take_row(grid: Grid, token: Token, line: int) -> None:
        if token.type == "thead_close":
            grid.header = grid.rows.pop()[1]
        else:
            grid.rows.append((line, []))

    def open(self, level: int, line: int) -> None:
        while self.path[-1].level >= level:
            self.path.pop()
        section = Section(level=level, line=line)
        self.path[-1].children.append(section)
        self.path.append(section)

    def place(self, tokens: Sequence[Token], line: int) -> None:
        if self.in_heading:
            self.path[-1].heading = tokens
        elif self.grid is not None:
            self.grid.rows[-1][1].append(tokens)
        else:
            self.path[-1].said.append(Said(tokens=tokens, line=line, depth=self.depth))
