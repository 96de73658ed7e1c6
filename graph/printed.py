"""A document as it is printed: every line in the clause that it stands in, and broken lines put together."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.model import Clause, Line, LineKind, Paragraph, Policy

BlockKind = Literal["mast", "head", "heading", "text", "units", "table", "end"]
_RUNNING = frozenset({LineKind.TEXT, LineKind.CLAUSE, LineKind.CHAPTER, LineKind.NUMBER, LineKind.MARK})
_KINDS: dict[LineKind, BlockKind] = {
    LineKind.UNITS: "units",
    LineKind.TABLE: "table",
    LineKind.DATE: "end",
    LineKind.SIGNATURE: "end",
    LineKind.IMPRINT: "end",
    LineKind.TITLE: "head",
    LineKind.NOTE: "head",
    LineKind.ANNEX: "head",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that make one paragraph, one heading or one table, page numbers between them included.

    `part` is the label of the part and `clause` the innermost clause that the first line stands in
    (None outside any); `opens` are the clauses that begin here: one, or all rows of a table.
    """

    kind: BlockKind
    part: str
    clause: Clause | None
    opens: tuple[Clause, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A part or a clause with what stands below it; `locator` of a part is its label."""

    locator: str
    number: str
    title: str
    clause: Clause | None
    children: tuple["Node", ...]


def tree(policy: Policy) -> tuple[Node, ...]:
    """Return the parts of a document with their clauses; a clause above no other stands in its part."""
    held = {clause.locator for clause in policy.clauses}
    labels = [part.label for part in policy.parts]
    below: dict[str, list[Clause]] = {}
    for clause in policy.clauses:
        above = clause.parent if clause.parent in held else part_of(policy, clause, labels)
        below.setdefault(above or "", []).append(clause)
    parts = [Node(p.label, p.label, p.title, None, _children(below, p.label)) for p in policy.parts]
    return (*parts, *_children(below, ""))


def part_of(policy: Policy, clause: Clause, labels: Sequence[str]) -> str:
    """Return the label of the part that a clause stands in: by its locator, else by its place."""
    label = clause.locator.split("/")[0]
    if label in labels:
        return label
    around = (p.label for p in policy.parts if p.span.start <= clause.span.start < max(p.span.end, 1))
    return next(around, labels[0] if labels else "")


def _children(below: dict[str, list[Clause]], locator: str) -> tuple[Node, ...]:
    return tuple(
        Node(c.locator, c.number, c.title, c, _children(below, c.locator)) for c in below.get(locator, ())
    )


def blocks(policy: Policy) -> Iterator[Block]:
    """Yield the blocks of a document in its order; together they hold every line that is not blank."""
    breaks = _Breaks(policy)
    now: _Open | None = None
    for line in _placed(policy):
        if now is None or not now.takes(line, breaks):
            if now is not None:
                yield now.block()
            now = _Open(line)
        else:
            now.add(line)
    if now is not None:
        yield now.block()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line with its part, the innermost clause that it stands in, and the clauses that begin in it."""

    line: Line
    part: str
    clause: Clause | None
    opens: tuple[Clause, ...]
    kind: BlockKind


class _Open:
    """A block that lines are still put into."""

    def __init__(self, first: _Placed) -> None:
        self._first, self._last = first, first
        self._lines = [first.line]
        self._opens = [*first.opens]

    def takes(self, next_line: _Placed, breaks: "_Breaks") -> bool:
        """Say whether a line goes on with this block; a page number never ends one."""
        first = self._first
        if next_line.line.kind is LineKind.PAGE:
            return first.line.kind is not LineKind.PAGE
        if first.line.kind is LineKind.PAGE or first.part != next_line.part:
            return False
        if first.kind == "table":
            return next_line.kind == "table"
        if next_line.opens or first.clause is not next_line.clause or next_line.kind == "table":
            return False
        return breaks.goes_on(self._last.line, next_line.line, first.clause)

    def add(self, line: _Placed) -> None:
        self._lines.append(line.line)
        self._opens += line.opens
        if line.line.kind is not LineKind.PAGE:
            self._last = line

    def block(self) -> Block:
        first = self._first
        return Block(first.kind, first.part, first.clause, tuple(self._opens), tuple(self._lines))


def _kind_of(line: Line, within: Sequence[Clause], opens: Sequence[Clause]) -> BlockKind:
    if line.kind in (LineKind.MARK, LineKind.NUMBER) and not within:
        return "mast"
    if line.kind in _KINDS:
        return _KINDS[line.kind]
    title = opens[-1].title_span if opens else None
    # What follows the title on its own line is a stop at most.
    return "heading" if title and line.span.end - title.end <= 1 else "text"


def _placed(policy: Policy) -> Iterator[_Placed]:
    """Yield each line that is not blank with the place that it has in the document."""
    clauses = sorted(policy.clauses, key=lambda c: (c.span.start, -c.span.end))
    parts = sorted((part.span.start, part.label) for part in policy.parts)
    within: list[Clause] = []
    part, next_part, waiting = "", 0, 0
    for line in policy.lines:
        if not line.span.of(policy.text).strip():
            continue
        while next_part < len(parts) and parts[next_part][0] < line.span.end:
            part, next_part = parts[next_part][1], next_part + 1
        begun = waiting
        while waiting < len(clauses) and clauses[waiting].span.start < line.span.end:
            waiting += 1
        opens = tuple(clauses[begun:waiting])
        within = [c for c in (*within, *opens) if c.span.end > line.span.start]
        yield _Placed(line, part, within[-1] if within else None, opens, _kind_of(line, within, opens))


class _Breaks:
    """Which line ends print made and which end a paragraph, by the running text as reading joined it."""

    def __init__(self, policy: Policy) -> None:
        self._text = policy.text
        holders: list[Clause | Paragraph] = [*policy.clauses, *policy.paragraphs]
        self._kept = {
            at for holder in holders for piece in holder.pieces for at in self._ends(piece.start, piece.end)
        }
        self._loose = sorted((p.pieces[0].start, p.pieces[-1].end) for p in policy.paragraphs if p.pieces)
        self._listed = {
            at
            for clause in policy.clauses
            for units in clause.units
            for at in self._ends(units.start, units.end)
        }
        self._titles = {c.title_span.end for c in policy.clauses if c.title_span}

    def goes_on(self, above: Line, below: Line, clause: Clause | None) -> bool:
        """Say whether `below` goes on with the paragraph of `above`, both in `clause` or in none."""
        between = self._ends(above.span.end, below.span.start)
        if any(at in self._listed for at in between):
            return True
        if not {above.kind, below.kind} <= _RUNNING or any(at in self._kept for at in between):
            return False
        if clause is None:
            at = bisect_right(self._loose, (below.span.start, below.span.start)) - 1
            return at >= 0 and self._loose[at][0] < above.span.end and below.span.start < self._loose[at][1]
        end = above.span.start + len(above.span.of(self._text).rstrip())
        return not {end, end - 1} & self._titles

    def _ends(self, start: int, end: int) -> list[int]:
        """Return where lines end within ``[start, end)``."""
        found, at = [], self._text.find("\n", start, end)
        while at >= 0:
            found.append(at)
            at = self._text.find("\n", at + 1, end)
        return found
